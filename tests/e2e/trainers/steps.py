#!/usr/bin/env python3
"""A trainer for tests: one metric a step, real checkpoints, resume, SIGTERM and SIGUSR1, as docs/trainer-interface.md says.

Parameters: steps, step_ms, checkpoint_steps, and for bad behaviour `fail`: "exit:N", "rubbish", "bytes", "hang" at half of the steps.
"""

import hashlib
import json
import os
import signal
import sys
import time


class Trainer:
    def __init__(self, spec):
        self.spec, self.params = spec, spec["params"]
        self.seq = 0
        self.leave = self.checkpoint_now = False
        self.total = float(self.params.get("seed", 0))
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "leave", True))
        signal.signal(signal.SIGUSR1, lambda *_: setattr(self, "checkpoint_now", True))

    def say(self, kind, step, **members):
        self.seq += 1
        line = {"seq": self.seq, "type": kind, "step": step, "time": time.time(), **members}
        with open("events.jsonl", "a") as events:
            events.write(json.dumps(line) + "\n")

    def checkpoint(self, step):
        path = f"checkpoints/step-{step}"
        os.makedirs(path, exist_ok=True)
        state = json.dumps({"total": self.total}).encode()
        files = [{"name": "state.json", "size": len(state), "sha256": hashlib.sha256(state).hexdigest()}]
        manifest = json.dumps({"v": 1, "step": step, "events_seq": self.seq, "files": files}).encode()
        for name, data in (("state.json", state), ("MANIFEST", manifest)):
            with open(f"{path}/{name}.tmp", "wb") as file:
                file.write(data)
            os.rename(f"{path}/{name}.tmp", f"{path}/{name}")
        digest = hashlib.sha256(manifest).hexdigest()
        self.say("checkpoint", step, path=path, digest=digest, events_seq=self.seq, files=files)

    def resume(self):
        resume = self.spec["resume"]
        if not resume:
            return 0
        with open(resume["path"] + "/MANIFEST", "rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == resume["digest"], "not the checkpoint that was promised"
        with open(resume["path"] + "/state.json") as file:
            self.total = json.load(file)["total"]
        return resume["step"]

    def misbehave(self, step):
        fail = self.params.get("fail", "")
        if not fail or step != self.params["steps"] // 2:
            return
        if fail.startswith("exit:"):
            self.say("note", step, text="asked to fail")
            print("this trainer was asked to fail")
            sys.exit(int(fail[5:]))
        if fail == "rubbish":
            with open("events.jsonl", "a") as events:
                events.write("Segmentation fault (core dumped)\n")
        if fail == "bytes":
            for name in ("events.jsonl", "output.log"):
                with open(name, "ab") as file:
                    file.write(b"half a character \xed\xa0\x80, beyond the last \xf4\x90\x80\x80, cut \xe2\x82\n")
        while True:
            signal.pause()

    def run(self):
        first = self.resume()
        steps = self.params["steps"]
        self.say("start", first, checkpoint=(self.spec["resume"] or {}).get("digest"), steps_total=steps,
                 build="steps.py", hardware_class="test", data_digest="none", results_version=1, valid=True,
                 invalid_reasons=[])
        for step in range(first + 1, steps + 1):
            time.sleep(self.params.get("step_ms", 0) / 1000)
            self.total += 1 / step
            self.say("metric", step, metrics={"val/loss": 1 / self.total})
            self.misbehave(step)
            if self.leave or self.checkpoint_now or step % self.params["checkpoint_steps"] == 0:
                self.checkpoint_now = False
                self.checkpoint(step)
            if self.leave:
                sys.exit(75)
        self.say("result", steps, valid=True, invalid_reasons=[], metrics={"val/loss": 1 / self.total}, record={})


if __name__ == "__main__":
    with open(sys.argv[-1]) as spec_file:
        Trainer(json.load(spec_file)).run()
