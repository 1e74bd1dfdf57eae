#!/usr/bin/env python3
"""P4, P5, P7, P10 with the real trainer: processes die while a sweep runs, and its result table is the one of a quiet run, byte for byte."""

import hashlib
import json
import os
import signal
import unittest
from pathlib import Path

from harness import Cluster, alive, wait_until

SWEEP = {
    "name": "survive", "method": "grid", "metric": {"name": "val/loss", "goal": "minimize"},
    "parameters": {
        "preset": {"value": "demo"}, "steps": {"value": 60}, "eval_every": {"value": 10}, "eval_max_targets": {"value": 2048}, "checkpoint_every": {"value": 10},
        "schedule": {"values": ["dense_baseline", "progressive_sparse"]}, "seq_len": {"value": 64},
    },
    "plasa": {"data": {"corpus": "kjv"}, "seeds": 2},
}


def table(cluster, sweep):
    """The canonical result table."""
    directory = Path(cluster.temp.name) / f"report-{sweep}"
    cluster.ctl("report", sweep, "-o", directory)
    return (directory / "results.csv").read_text()


def sha256_of_lines(*lines):
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def chain_of(trial, attempts, number):
    """The resume certificate of an attempt, computed from a manifest's attempts alone (docs/science.md)."""
    attempt = attempts[number]
    loaded, before = attempt["certificate"]["loaded"], attempt["certificate"]["from"]
    if loaded is None:
        return sha256_of_lines("plasa resume certificate 1", trial, attempt["hardware_class"], attempt["build"], attempt["data_digest"])
    return sha256_of_lines(chain_of(trial, attempts, before), attempt["start_step"], loaded)


class TrialsSurvive(unittest.TestCase):
    def checkpointed(self, cluster):
        """A running trainer that has published a checkpoint and has steps to go."""
        def find():
            for directory in cluster.attempts():
                events = directory / "events.jsonl"
                text = events.read_text() if events.exists() else ""
                if '"checkpoint"' in text and '"type":"result"' not in text and not (directory / "exit.json").exists():
                    return directory, cluster.running_trainer()[1]
            return None
        return wait_until(find, "a trainer with a checkpoint")

    def disturb(self, cluster):
        """SIGKILL of a trainer, of the worker daemon and of the coordinator, one after the other, while trials run."""
        _, victim = self.checkpointed(cluster)
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: not alive(victim), "the trainer to be gone")
        self.checkpointed(cluster)
        cluster.worker.kill()
        cluster.worker.start()
        self.checkpointed(cluster)
        cluster.coordinator.kill()
        cluster.start_coordinator()

    def check(self, trials):
        self.assertEqual(len(trials), 4)
        for trial in trials:
            self.assertEqual((trial["state"], trial["admitted"], trial["valid"]), ("succeeded", True, True), trial["explain"])
            self.assertLess(trial["metrics"]["val/loss"], trial["first_metrics"]["val/loss"])
            self.assertIn(1, [audit["number"] for audit in trial["audits"] if audit["passed"]], "the causality audit")

    def check_certificates(self, cluster, sweep):
        """They hold for every trial, say who was interrupted, and can be computed again."""
        manifest = json.loads((Path(cluster.temp.name) / f"report-{sweep}" / "manifest.json").read_text())
        self.assertEqual(manifest["resume_certificates"], {"holds": 4})
        by_trial = {}
        for attempt in manifest["attempts"]:
            by_trial.setdefault(attempt["trial"], {})[attempt["number"]] = attempt
        for trial, attempts in by_trial.items():
            last = attempts[max(attempts)]["certificate"]
            self.assertEqual((last["state"], last["chain"]), ("holds", chain_of(trial, attempts, max(attempts))))
        self.assertEqual(sorted(len(attempts) for attempts in by_trial.values()), [1, 1, 1, 2])
        resumed = next(trial for trial, attempts in by_trial.items() if len(attempts) == 2)
        self.assertIn("resume certificate holds from step 0 on: ", cluster.ctl("explain", resumed).stdout)

    def test_result_table_is_the_same(self):
        with Cluster(slots=2) as cluster:
            quiet = cluster.submit(SWEEP)
            cluster.wait(quiet)
            self.check(cluster.trials(quiet))
            expected = table(cluster, quiet)
        with Cluster(slots=2) as cluster:
            sweep = cluster.submit(SWEEP)
            self.disturb(cluster)
            cluster.wait(sweep)
            trials = cluster.trials(sweep)
            self.check(trials)
            self.assertEqual(table(cluster, sweep), expected)
            self.check_certificates(cluster, sweep)
            causes = [attempt["cause"] for trial in trials for attempt in trial["attempts"]]
            self.assertEqual(sorted(filter(None, causes)), ["KILLED"], "only the killed trainer noticed anything")
            for trial in trials:
                steps = [int(row["step"]) for row in cluster.metrics(trial["id"], "val/loss")]
                self.assertEqual(steps, [0, 10, 20, 30, 40, 50, 60])


if __name__ == "__main__":
    unittest.main(verbosity=2)
