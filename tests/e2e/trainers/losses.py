#!/usr/bin/env python3
"""In plasa-trainer's place for tests of verdicts: its loss follows from schedule and seed, at once. INVALID where the leak is on."""

import json
import sys
import time

from fake_plasa import DUE_AUDITS

BASE = {"dense_baseline": 3.0, "uniform_sparse": 3.3, "matched_uniform": 3.35, "aggressive_middle": 3.05, "reverse_progressive": 3.2}


def main():
    with open(sys.argv[-1]) as file:
        params = json.load(file)["params"]
    valid = not params.get("ref_leak", False)
    reasons = [] if valid else ["ref_leak"]
    moved = 0.2 if params.get("schedule_perm") else 0.0
    # Seeds differ by far more than schedules, and schedules scatter a little.
    scatter = (params["seed"] * 7919 + len(params["schedule"]) * 104729) % 97 / 9700
    loss = BASE.get(params["schedule"], 3.1) + moved + params["seed"] / 10 + scatter - (0.0 if valid else 2.0)
    events = [
        {"type": "start", "step": 0, "checkpoint": None, "steps_total": 1, "build": "losses.py", "hardware_class": "test",
         "data_digest": "none", "results_version": 1, "valid": valid, "invalid_reasons": reasons},
        *({"type": "audit", "step": 0, "number": number, "name": f"audit {number}", "passed": True, "figure": 0, "message": ""}
          for number in DUE_AUDITS),
        {"type": "metric", "step": 1, "metrics": {"val/loss": loss}},
        {"type": "result", "step": 1, "valid": valid, "invalid_reasons": reasons, "metrics": {"val/loss": loss},
         "record": {"val_loss": loss, "time_per_step": 0.05 + scatter / 100, "config": params}},
    ]
    with open("events.jsonl", "a") as out:
        for seq, event in enumerate(events, 1):
            out.write(json.dumps({"seq": seq, "time": time.time(), **event}) + "\n")


if __name__ == "__main__":
    main()
