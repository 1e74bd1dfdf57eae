#!/usr/bin/env python3
"""A user's trainer whose loss follows from `x` and the seed: x=1 near 1, x=2 near 5, x=3 as x=1 with a wide scatter."""

import json
import sys
import time


def main():
    with open(sys.argv[-1]) as file:
        params = json.load(file)["params"]
    scatter = (params["seed"] * 7919 % 97) / 97 - 0.5
    loss = {1: 1 + 0.01 * scatter, 2: 5 - 0.01 * scatter, 3: 1 + 2 * (-1) ** params["seed"] + scatter}[params["x"]]
    events = [
        {"type": "start", "step": 0, "checkpoint": None, "steps_total": 1, "build": "seeded.py", "hardware_class": "test",
         "data_digest": "none", "results_version": 1, "valid": True, "invalid_reasons": []},
        {"type": "metric", "step": 1, "metrics": {"val/loss": loss}},
        {"type": "result", "step": 1, "valid": True, "invalid_reasons": [], "metrics": {"val/loss": loss}, "record": {}},
    ]
    with open("events.jsonl", "a") as out:
        for seq, event in enumerate(events, 1):
            out.write(json.dumps({"seq": seq, "time": time.time(), **event}) + "\n")


if __name__ == "__main__":
    main()
