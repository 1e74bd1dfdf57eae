#!/usr/bin/env python3
"""System calls that fail: each process either goes on, or ends with a sentence, and the sweep has the result table of a quiet run."""

import json
import signal
import tempfile
import unittest
from pathlib import Path

from harness import Cluster, read_json, steps_sweep, trainer, wait_until
from prometheus_process import get
from strace_process import Injection, skip_unless_traceable
from trainer_process import Attempt, expect_complete, expect_same, resumed

STEPS, SEEDS = 80, 2
UNAVAILABLE = 6


def spec():
    sweep = steps_sweep("injected", seeds=SEEDS, steps=STEPS, checkpoint_steps=10, step_ms=20)
    sweep["plasa"]["lost_after"] = "10s"
    return sweep


def start(cluster):
    """The sweep, once its trainers report."""
    sweep = cluster.submit(spec())
    wait_until(lambda: all(trial["step"] > 3 for trial in cluster.trials(sweep)), "the first steps")
    return sweep


class Service(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with cls.cluster() as quiet:
            sweep = quiet.submit(spec())
            quiet.wait(sweep)
            cls.expected = quiet.table(sweep)

    @staticmethod
    def cluster():
        return Cluster(slots=SEEDS, trainers={"steps": trainer("steps.py")})

    def judge(self, cluster, sweep, attempts=None):
        """All is there once, and nothing can be told from a quiet run; `attempts`: of each trial."""
        cluster.wait(sweep)
        for trial in cluster.trials(sweep):
            points = [int(row["step"]) for row in cluster.metrics(trial["id"], "val/loss")]
            self.assertEqual(points, list(range(1, STEPS + 1)))
            self.assertEqual(len(trial["attempts"]), attempts or len(trial["attempts"]), trial)
        self.assertEqual(cluster.table(sweep), self.expected)

    def submit_until_refused(self, cluster):
        """Ids of small sweeps that were acknowledged before one was not."""
        path = Path(cluster.temp.name) / "small.yaml"
        acknowledged = []
        while len(acknowledged) < 100:
            path.write_text(json.dumps({"name": f"small{len(acknowledged)}", "parameters": {"x": {"value": len(acknowledged)}},
                                        "method": "grid", "plasa": {"trainer": "nosuch"}}))
            done = cluster.ctl("submit", path, "-o", "json", check=None)
            if done.returncode != 0:
                self.assertEqual(done.returncode, UNAVAILABLE, done.stdout)
                return acknowledged
            acknowledged.append(json.loads(done.stdout)["sweep"])
        raise AssertionError("nothing was refused")

    def judge_kept(self, cluster, acknowledged):
        kept = {row["id"] for row in json.loads(cluster.ctl("list", "-o", "json").stdout)["sweeps"]}
        self.assertLessEqual(set(acknowledged), kept)

    def test_coordinator_cannot_sync(self):
        with self.cluster() as cluster:
            sweep = start(cluster)
            with Injection(cluster.coordinator.process.pid, "fsync,fdatasync", "EIO", when="20+") as injection:
                acknowledged = self.submit_until_refused(cluster)
                self.assertEqual(cluster.coordinator.process.wait(30), -signal.SIGABRT)
                self.assertEqual(injection.count(), 1, "it went on after a sync that failed")
            self.assertIn("stopping, so that the next start begins from what is on the disk", cluster.coordinator.tail())
            cluster.start_coordinator()
            self.judge(cluster, sweep, attempts=1)
            self.judge_kept(cluster, acknowledged)

    def test_coordinator_has_no_room_for_a_while(self):
        with self.cluster() as cluster:
            sweep = start(cluster)
            with Injection(cluster.coordinator.process.pid, "pwrite64,fallocate", "ENOSPC") as injection:
                acknowledged = self.submit_until_refused(cluster)
                wait_until(lambda: "plasa_read_only 1" in get(cluster.endpoints["http"] + "/metrics")[1], "the read-only state")
                self.assertEqual(len(cluster.trials(sweep)), SEEDS)
                self.assertGreater(injection.count(), 0)
            self.judge(cluster, sweep, attempts=1)
            self.judge_kept(cluster, acknowledged)

    def test_daemon_cannot_prepare_attempts(self):
        with self.cluster() as cluster:
            wait_until(lambda: "online" in cluster.ctl("worker", "list").stdout, "the worker")
            calls = "mkdir,rename,renameat,renameat2,link,linkat"
            with Injection(cluster.worker.process.pid, calls, "EIO", when="1..2") as injection:
                sweep = start(cluster)
                self.assertGreaterEqual(injection.count(), 2)
            self.judge(cluster, sweep)
            self.assertNotIn("its worker does not hold it any more", cluster.coordinator.log.read_text())

    def test_daemon_cannot_read_events(self):
        with self.cluster() as cluster:
            sweep = start(cluster)
            directory, _ = cluster.running_trainer()
            with Injection(cluster.worker.process.pid, "read,pread64", "EIO", path=directory / "events.jsonl") as injection:
                wait_until(lambda: (directory / "exit.json").exists(), "the trainer to end")
                before = injection.count()
                ended = lambda: any(trial["attempts"][0]["state"] != "running" for trial in cluster.trials(sweep))
                wait_until(lambda: injection.count() > before + 1 or ended(), "it to be tried again")
            self.judge(cluster, sweep, attempts=1)

    def test_shim_cannot_record_an_exit(self):
        for call in ("fsync", "rename"):
            with self.subTest(call=call), self.cluster() as cluster:
                sweep = start(cluster)
                shim = read_json(cluster.state / "worker/slots/0/shim.json")["pid"]
                with Injection(shim, call, "EIO", when="1") as injection:
                    wait_until(lambda: injection.count(), "the end of its trainer")
                    self.judge(cluster, sweep, attempts=1)

    def test_trainer_cannot_rename_a_checkpoint(self):
        with self.cluster() as cluster:
            sweep = start(cluster)
            directory, pid = cluster.running_trainer()
            with Injection(pid, "rename,renameat,renameat2", "EIO", when="1") as injection:
                wait_until(lambda: (directory / "exit.json").exists(), "the trainer to end")
                self.assertEqual(injection.count(), 1)
            self.judge(cluster, sweep)


class OurTrainer(unittest.TestCase):
    """plasa-trainer alone: an error while it writes a checkpoint ends it, and it goes on from the one before, bit for bit."""

    PARAMS = {"steps": 200, "checkpoint_every": 5, "eval_every": 100}

    def test_cannot_write_a_checkpoint(self):
        with tempfile.TemporaryDirectory() as temp:
            whole = Attempt(Path(temp) / "whole", params=self.PARAMS)
            self.assertEqual(whole.run(), 0, whole.output())
            for call in ("fsync", "rename"):
                with self.subTest(call=call), Attempt(Path(temp) / call, params=self.PARAMS) as first:
                    self.interrupt(first, call)
                    last = first.events("checkpoint")[-1]
                    expect_complete(self, first.dir / last["path"], last["digest"])
                    second = resumed(Path(temp) / f"{call}-second", first, last)
                    self.assertEqual(second.run(), 0, second.output())
                    expect_same(self, [first, second], whole)

    def interrupt(self, attempt, call):
        attempt.start()
        attempt.wait_for("checkpoint", step=5)
        with Injection(attempt.process.pid, call, "EIO", when="4+"):
            self.assertEqual(attempt.wait(), 1, attempt.output())
        self.assertIn("Input/output error", attempt.output())


if __name__ == "__main__":
    skip_unless_traceable()
    unittest.main(verbosity=2)
