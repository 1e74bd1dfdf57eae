#!/usr/bin/env python3
"""A trainer that only reports: `steps` metric events of `names` points each, `rate` of them a second (0: as fast as it can)."""

import json
import sys
import time

CHUNK_S = 0.02


def lines(first, last, names):
    """Metric events of the steps first..last; the step is also the value."""
    for step in range(first, last + 1):
        values = ",".join(f'"m{i}":{step}' for i in range(names))
        yield f'{{"seq":{step + 1},"type":"metric","step":{step},"time":1,"metrics":{{{values}}}}}\n'


def main(params):
    steps, names, rate = params["steps"], params["names"], params["rate"]
    chunk = max(1, int(rate * CHUNK_S)) if rate else 500
    with open("events.jsonl", "a") as events:
        start = {"seq": 1, "type": "start", "step": 0, "time": 1, "checkpoint": None, "steps_total": steps, "build": "flood.py",
                 "hardware_class": "test", "data_digest": "none", "results_version": 1, "valid": True, "invalid_reasons": []}
        events.write(json.dumps(start) + "\n")
        began = time.monotonic()
        for first in range(1, steps + 1, chunk):
            events.writelines(lines(first, min(first + chunk - 1, steps), names))
            events.flush()
            ahead = began + (first + chunk - 1) / rate - time.monotonic() if rate else 0
            time.sleep(max(0, ahead))
        result = {"seq": steps + 2, "type": "result", "step": steps, "time": 1, "valid": True, "invalid_reasons": [],
                  "metrics": {"m0": steps}, "record": {}}
        events.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    with open(sys.argv[-1]) as spec_file:
        main(json.load(spec_file)["params"])
