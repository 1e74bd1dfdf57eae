#!/usr/bin/env python3
"""`plasactl up` and what a user does with it, with the real daemons.

A trainer of three lines stands in for plasa-trainer, so that this takes seconds."""

import csv
import io
import json
import os
import signal
import subprocess
import tempfile
import unittest

from harness import BIN, alive, wait_until

TRAINER = """#!/usr/bin/env python3
import json, sys, time
spec = json.load(open(sys.argv[1]))
seq = 0
with open("events.jsonl", "a", buffering=1) as out:
    def say(kind, step, **rest):
        global seq
        seq += 1
        out.write(json.dumps({"seq": seq, "type": kind, "step": step, "time": time.time(), **rest}) + "\\n")
    params = spec["params"]
    if params.get("fail"):
        print("cannot go on: asked to fail")
        sys.exit(2)
    say("start", 0, checkpoint=None, steps_total=3, build="b", hardware_class="h", data_digest="d",
        results_version=1, schedule_table="", valid=True, invalid_reasons=[])
    for step in range(4):
        say("metric", step, metrics={"val/loss": 3.0 - step / 10 + params["x"], "val/accuracy": step / 10})
    say("result", 3, valid=True, invalid_reasons=[], metrics={"val/loss": 2.7 + params["x"], "val/accuracy": 0.3},
        record={"val_loss": 2.7 + params["x"]})
"""

SWEEP = """name: toy
method: grid
parameters:
  x: {values: [0, 1]}
plasa:
  trainer: toy
  data: {task: markov}
"""


def run(*arguments, state):
    environment = dict(os.environ, PLASA_STATE=state, NO_COLOR="1")
    return subprocess.run([os.path.join(BIN, "plasactl"), *arguments], capture_output=True, text=True, env=environment,
                          stdin=subprocess.DEVNULL, timeout=120, check=False)


class Up(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = tempfile.TemporaryDirectory()
        cls.state = os.path.join(cls.dir.name, "state")
        cls.trainer = os.path.join(cls.dir.name, "toy")
        with open(cls.trainer, "w", encoding="utf-8") as file:
            file.write(TRAINER)
        os.chmod(cls.trainer, 0o755)
        cls.sweep = os.path.join(cls.dir.name, "toy.yaml")
        with open(cls.sweep, "w", encoding="utf-8") as file:
            file.write(SWEEP)
        cls.start()

    @classmethod
    def start(cls):
        cls.up = subprocess.Popen(
            [os.path.join(BIN, "plasactl"), "up", "--state", cls.state, "--slots", "2", "--listen", "127.0.0.1:0:0",
             "--trainer", f"toy={cls.trainer}", "-o", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = cls.up.stdout.readline()
        if not line or "error" in line:
            cls.up.wait()
            raise RuntimeError(line + cls.up.stderr.read())
        cls.service = json.loads(line)

    @classmethod
    def stop(cls):
        if cls.up.poll() is None:
            cls.up.send_signal(signal.SIGTERM)
        cls.up.communicate(timeout=90)

    @classmethod
    def tearDownClass(cls):
        cls.stop()
        cls.dir.cleanup()

    def ctl(self, *arguments, code=0):
        result = run(*arguments, state=self.state)
        self.assertEqual(result.returncode, code, f"{arguments}: {result.stdout}{result.stderr}")
        return result.stdout

    def pid_of(self, name):
        with open(os.path.join(self.state, "run", name + ".pid"), encoding="utf-8") as file:
            return int(file.read().split()[0])

    def test_1_announcement(self):
        self.assertEqual(set(self.service), {"v", "http", "grpc", "dashboard", "state"})
        self.assertTrue(self.service["dashboard"].startswith(self.service["http"]))

    def test_2_submit_wait_show(self):
        first = json.loads(self.ctl("submit", self.sweep, "-o", "json"))
        self.assertEqual((first["v"], first["trials"], first["created"]), (1, 2, 2))
        self.ctl("wait", "last", "--timeout", "60")
        again = json.loads(self.ctl("submit", self.sweep, "-o", "json"))
        self.assertEqual((again["sweep"], again["created"], again["requeued"]), (first["sweep"], 0, 0))
        shown = json.loads(self.ctl("show", "last", "-o", "json"))
        self.assertEqual(len(shown["trials"]), 2)
        for trial in shown["trials"]:
            self.assertEqual((trial["state"], trial["admitted"], trial["cause"]), ("succeeded", True, None))
            self.assertAlmostEqual(trial["metrics"]["val/loss"], 2.7 + trial["params"]["x"])
        points = list(csv.DictReader(io.StringIO(self.ctl("metrics", shown["trials"][0]["id"], "val/loss", "-o", "csv"))))
        self.assertEqual([int(p["step"]) for p in points], [0, 1, 2, 3])
        self.assertEqual(set(points[0]), {"attempt", "name", "step", "value"})
        self.assertIn("succeeded", self.ctl("explain", shown["trials"][0]["id"]))
        self.assertEqual(self.ctl("list", "-q").split(), [first["sweep"]])
        report = os.path.join(self.dir.name, "results")
        self.ctl("report", "last", "-o", report)
        with open(os.path.join(report, "results.csv"), encoding="utf-8") as file:
            self.assertEqual(len(file.readlines()), 3)
        self.assertTrue(os.path.getsize(os.path.join(report, "comprehensive_comparison.png")) > 10000)

    def test_3_failure_is_exit_8_and_explained(self):
        self.ctl("submit", self.sweep, "-P", "fail=true", "--name", "failing")
        self.ctl("wait", "failing", "--timeout", "60", code=8)
        self.assertIn("asked to fail", self.ctl("show", "failing"))

    def test_4_errors(self):
        self.ctl("show", "nonesuch", code=3)
        self.ctl("logs", "nonesuch", code=3)
        token = os.path.join(self.dir.name, "bad.token")
        with open(token, "w", encoding="utf-8") as file:
            file.write("0" * 64)
        self.ctl("list", "--token-file", token, code=4)

    def test_5_workers_and_doctor(self):
        workers = json.loads(self.ctl("worker", "list", "-o", "json"))["workers"]
        self.assertEqual([len(worker["slots"]) for worker in workers], [2])
        self.assertIn("toy", workers[0]["trainers"])
        self.assertIn("plasa-worker --coordinator", json.loads(self.ctl("worker", "token", "-o", "json"))["join"])
        self.assertIn("coordinator", self.ctl("doctor", "-q"))
        found = {f["check"]: f["found"] for f in json.loads(self.ctl("doctor", "-o", "json"))["findings"]}
        self.assertRegex(found["blas"], "OpenBLAS [0-9.]+ (openmp|pthread|serial)")
        self.assertTrue(self.ctl("dashboard", "-q").startswith(self.service["http"]))

    def test_6_a_daemon_that_dies_is_started_again(self):
        for name in ("worker", "coordinator"):
            before = self.pid_of(name)
            os.kill(before, signal.SIGKILL)
            wait_until(lambda name=name, before=before: self.pid_of(name) != before, f"a new {name}")
        wait_until(lambda: run("list", state=self.state).returncode == 0, "an answer")

    def test_7_daemons_outlive_up_and_the_next_one_adopts_them(self):
        pids = self.pid_of("worker"), self.pid_of("coordinator")
        self.up.kill()
        self.up.communicate()
        self.assertTrue(all(alive(pid) for pid in pids))
        type(self).start()
        self.assertEqual((self.pid_of("worker"), self.pid_of("coordinator")), pids)
        second = run("up", "--state", self.state, "-o", "json", state=self.state)
        self.assertEqual(second.returncode, 5, second.stdout)

    def test_8_sigterm_ends_both(self):
        pids = self.pid_of("worker"), self.pid_of("coordinator")
        self.stop()
        self.assertEqual(self.up.returncode, 0)
        self.assertFalse(any(alive(pid) for pid in pids))


if __name__ == "__main__":
    unittest.main()
