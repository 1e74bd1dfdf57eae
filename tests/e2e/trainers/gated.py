#!/usr/bin/env python3
"""A trainer whose pace a test sets: it reports step s when the file GATE/x-SEED holds a number of at least s. Its loss follows from x,
seed and step alone, and its order of cells changes on the way.

Parameters: x, steps, gate (a directory)."""

import json
import sys
import time
from pathlib import Path

from steps import Trainer


def loss(x, seed, step):
    return 10 + (7 * x + 3 * step) % 11 + seed / 8 - step / 16


class Gated(Trainer):
    def may_report(self, step):
        try:
            return int((Path(self.params["gate"]) / f"{self.params['x']}-{self.params['seed']}").read_text()) >= step
        except (OSError, ValueError):  # not there yet, or half written
            return False

    def run(self):
        steps = self.params["steps"]
        self.say("start", 0, checkpoint=None, steps_total=steps, build="gated.py", hardware_class="test", data_digest="none",
                 results_version=1, valid=True, invalid_reasons=[])
        for step in range(1, steps + 1):
            while not self.may_report(step):
                if self.leave:
                    sys.exit(75)
                time.sleep(0.01)
            value = loss(self.params["x"], self.params["seed"], step)
            self.say("metric", step, metrics={"val/loss": value})
        self.say("result", steps, valid=True, invalid_reasons=[], metrics={"val/loss": value}, record={"val_loss": value})


if __name__ == "__main__":
    with open(sys.argv[-1]) as spec_file:
        Gated(json.load(spec_file)).run()
