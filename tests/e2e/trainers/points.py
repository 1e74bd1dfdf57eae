#!/usr/bin/env python3
"""A trainer whose points are there at once. Parameters: steps; strange (also values that are no numbers and a name with signs in it);
leak (its result is that of a reference mode); x (a number that it reports as it got it)."""

import json
import sys
import time


def points(params):
    """(step, {name: value}) in order."""
    for step in range(1, params["steps"] + 1):
        yield step, {"val/loss": 1 / step + params["seed"]}
        if "x" in params:
            yield step, {"x": params["x"]}
        if params.get("strange") and step <= 3:
            yield step, {"grad#1 (max)": ["NaN", "Infinity", "-Infinity"][step - 1]}


def main():
    with open(sys.argv[-1]) as file:
        params = json.load(file)["params"]
    reasons = ["leak", "sees the future"] if params.get("leak") else []
    steps, outcome = params["steps"], {"valid": not reasons, "invalid_reasons": reasons}
    events = [
        {"type": "start", "step": 0, "checkpoint": None, "steps_total": steps, "build": "points.py", "hardware_class": "test",
         "data_digest": "none", "results_version": 1, **outcome},
        *({"type": "metric", "step": step, "metrics": metrics} for step, metrics in points(params)),
        {"type": "result", "step": steps, **outcome, "metrics": {"val/loss": 1 / steps + params["seed"]}, "record": {}},
    ]
    with open("events.jsonl", "a") as out:
        for seq, event in enumerate(events, 1):
            out.write(json.dumps({"seq": seq, "time": time.time() + seq / 1000, **event}) + "\n")


if __name__ == "__main__":
    main()
