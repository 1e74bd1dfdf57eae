#!/usr/bin/env python3
"""In plasa-trainer's place, without LibTorch: `fake_plasa.py [--skew] probe | run SPEC`. It reports the audits that are due and trains
as steps.py does. With --skew it forgets a little at each resume, so that its results depend on whether it was killed. With a file in the
parameter `defect`, audit 6 fails after half of the steps as long as the file is there."""

import json
import os
import sys

from steps import Trainer

DUE_AUDITS = (1, 2, 3, 5, 6, 10, 13)


class FakePlasa(Trainer):
    def __init__(self, spec, skew):
        super().__init__(spec)
        self.skew = skew
        self.params = {"step_ms": 20, **self.params, "checkpoint_steps": self.params["checkpoint_every"]}

    def resume(self):
        step = super().resume()
        if step and self.skew:
            self.total += 1e-9
        return step

    def say(self, kind, step, **members):
        super().say(kind, step, **members)
        if kind == "start":
            for number in DUE_AUDITS:
                super().say("audit", step, number=number, name=f"audit {number}", passed=True, figure=0, message="")

    def misbehave(self, step):
        if step == self.params["steps"] // 2 and os.path.exists(self.params.get("defect", "")):
            super().say("audit", step, number=6, name="gradient coverage", passed=False, figure=0, message="asked to fail")
            sys.exit(4)


if __name__ == "__main__":
    if sys.argv[-1] == "probe":
        print(json.dumps({"devices": [{"kind": "cpu", "model": "test", "hardware_class": "test", "memory_bytes": 1}]}))
    else:
        with open(sys.argv[-1]) as spec_file:
            FakePlasa(json.load(spec_file), "--skew" in sys.argv).run()
