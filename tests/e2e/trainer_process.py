"""One plasa-trainer in a directory of its own: what the trainer tests share. Standard library only."""

import hashlib
import json
import shutil
import signal
import subprocess
from pathlib import Path

from harness import BIN, wait_until

TINY = {"preset": "demo", "d_model": 16, "n_heads": 2, "n_layers": 3, "d_ff": 16, "seq_len": 32, "batch_size": 2, "indexer_heads": 1,
        "indexer_dim": 4, "steps": 60, "eval_every": 20, "eval_max_targets": 256, "schedule": "progressive_sparse", "seed": 1}
MARKOV = {"task": "markov", "vocab": 32}


class Attempt:
    """The directory of one attempt and the trainer in it; ends the process when it goes."""

    def __init__(self, directory, params=None, data=None, **members):
        self.dir = Path(directory)
        self.dir.mkdir(parents=True, exist_ok=True)
        self.spec = {"v": 1, "trial": "t", "attempt": 1, "token": 1, "dir": str(self.dir), "trainer": "plasa", "params": {**TINY, **(params or {})},
                     "data": data or MARKOV, "device": "cpu", "threads": 1, "checkpoint_every_s": 60.0, "resume": None, **members}
        self.process = None

    def start(self, env=None, log=None):
        """Starts the trainer; its output goes to `log`, by default into the directory."""
        self.log = Path(log or self.dir / "output.log")
        (self.dir / "spec.json").write_text(json.dumps(self.spec))
        (self.dir / "events.jsonl").touch()
        with open(self.log, "wb") as out:
            self.process = subprocess.Popen([BIN / "plasa-trainer", "run", self.dir / "spec.json"], cwd=self.dir, stdin=subprocess.DEVNULL,
                                            stdout=out, stderr=out, env=env)
        return self

    def wait(self):
        return self.process.wait(timeout=300)

    def run(self, env=None):
        return self.start(env).wait()

    def kill(self, how=signal.SIGKILL):
        self.process.send_signal(how)
        return self.wait()

    def events(self, kind=None):
        """Complete lines so far, of one type or all."""
        lines = (self.dir / "events.jsonl").read_bytes().split(b"\n")[:-1]
        events = [json.loads(line) for line in lines]
        return [e for e in events if kind is None or e["type"] == kind]

    def wait_for(self, kind, step=0):
        """The first event of a type at or after a step; an ended trainer that will not bring it fails the test."""
        def found():
            hit = next((e for e in self.events(kind) if e["step"] >= step), None)
            if hit is None and self.process.poll() is not None:
                raise AssertionError(f"the trainer ended with {self.process.returncode} before {kind} at step {step}:\n{self.output()}")
            return hit
        return wait_until(found, f"{kind} at step {step}")

    def output(self):
        return self.log.read_text()

    def points(self):
        """(name, step) -> value of every metric that does not measure time."""
        return {(name, e["step"]): value for e in self.events("metric") for name, value in e["metrics"].items() if not name.startswith("time/")}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def weights(attempt, step):
    """The bytes of parameters and moments in a checkpoint."""
    return [(attempt.dir / f"checkpoints/step-{step}" / name).read_bytes() for name in ("model.safetensors", "optim.safetensors")]


def expect_same(test, attempts, whole):
    """Attempts that went on from one another left what the uninterrupted run did: points, weights, result, but for times."""
    visible = {}
    for i, attempt in enumerate(attempts):
        later = [e["step"] for a in attempts[i + 1:] for e in a.events("start")]
        visible.update({k: v for k, v in attempt.points().items() if all(k[1] <= step for step in later)})
    test.assertEqual(visible, whole.points())
    end = whole.spec["params"]["steps"]
    test.assertEqual(weights(attempts[-1], end), weights(whole, end))
    mine, theirs = (a.events("result")[0] for a in (attempts[-1], whole))
    test.assertEqual(mine["metrics"], theirs["metrics"])
    for record in (mine["record"], theirs["record"]):
        record.pop("time_per_step"), record.pop("time_split"), record.pop("peak_memory_bytes"), record["config"].pop("checkpoint_every")
    test.assertEqual(mine["record"], theirs["record"])


def expect_complete(test, folder, digest=None):
    """A checkpoint is what its MANIFEST says, file by file; the manifest is the one of `digest`."""
    manifest = (folder / "MANIFEST").read_bytes()
    if digest is not None:
        test.assertEqual(hashlib.sha256(manifest).hexdigest(), digest)
    for file in json.loads(manifest)["files"]:
        content = (folder / file["name"]).read_bytes()
        test.assertEqual((len(content), hashlib.sha256(content).hexdigest()), (file["size"], file["sha256"]), file["name"])


def resumed(directory, before, checkpoint, **changes):
    """An attempt that goes on from a checkpoint event of `before`, as a worker would place it."""
    after = Attempt(directory, data=before.spec["data"])
    place = after.dir / checkpoint["path"]
    place.parent.mkdir(parents=True)
    shutil.copytree(before.dir / checkpoint["path"], place)
    after.spec.update(params=before.spec["params"], resume={"path": checkpoint["path"], "digest": checkpoint["digest"], "step": checkpoint["step"]})
    after.spec.update(changes)
    return after
