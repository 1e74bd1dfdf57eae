#!/usr/bin/env python3
"""Trainers that fail, hang or print rubbish: a typed cause, a sentence, and the worker goes on."""

import json
import unittest
from pathlib import Path

from harness import Cluster, steps_sweep, trainer, wait_until

TRAINERS = {"steps": trainer("steps.py"), "noop": trainer("noop.sh")}
NOOP = {"name": "after", "method": "grid", "parameters": {"x": {"value": 1}}, "plasa": {"trainer": "noop"}}


class WorkerTrainers(unittest.TestCase):
    def run_failing(self, cause, words, plasa=None, **parameters):
        with Cluster(slots=1, trainers=TRAINERS) as cluster:
            spec = steps_sweep(steps=10, **parameters)
            spec["plasa"].update({"max_attempts": 1, **(plasa or {})})
            sweep = cluster.submit(spec)
            cluster.wait(sweep, check=8)
            trial = cluster.trials(sweep)[0]
            self.assertEqual(trial["attempts"][0]["cause"].lower(), cause)
            self.assertIn(words, str(trial))
            cluster.wait(cluster.submit(NOOP))
            self.assertTrue(cluster.worker.running())

    def test_user_error(self):
        self.run_failing("user_error", "asked to fail", fail="exit:2")

    def test_missing_data(self):
        self.run_failing("data", "asked to fail", fail="exit:3")

    def test_crash(self):
        self.run_failing("trainer_crash", "exit code 1", fail="exit:1")

    def test_rubbish_names_the_line(self):
        self.run_failing("trainer_crash", "of events.jsonl", fail="rubbish")

    def test_bytes_that_are_no_text(self):
        self.run_failing("trainer_crash", "of events.jsonl", fail="bytes")

    def test_hang_ends_at_the_time_limit(self):
        self.run_failing("timeout", "time limit", plasa={"timeout": "2s"}, fail="hang")

    def test_a_log_rule_forbids_another_try(self):
        with Cluster(slots=1, trainers=TRAINERS) as cluster:
            spec = steps_sweep(steps=10, fail="exit:1")
            spec["plasa"]["log_rules"] = {"asked to f..l": "do_not_retry"}
            sweep = cluster.submit(spec)
            cluster.wait(sweep, check=8)
            trial = cluster.trials(sweep)[0]
            self.assertEqual((trial["state"], len(trial["attempts"])), ("failed", 1))
            self.assertIn("asked to f..l", trial["explain"])
            again = json.loads(cluster.ctl("retry", trial["id"][:8], "-o", "json").stdout)
            self.assertEqual((again["trials"], again["requeued"]), (1, 1))
            cluster.wait(sweep, check=8)
            self.assertEqual(len(cluster.trials(sweep)[0]["attempts"]), 2)
            succeeded = cluster.submit(NOOP)
            cluster.wait(succeeded)
            refused = cluster.ctl("retry", cluster.trials(succeeded)[0]["id"], check=5)
            self.assertIn("nothing to retry", refused.stderr)

    def test_what_an_audit_stopped_is_retried_from_the_start(self):
        with Cluster(slots=1, trainers={"audited": trainer("fake_plasa.py")}) as cluster:
            defect = Path(cluster.temp.name) / "defect"
            defect.touch()
            spec = steps_sweep(steps=10, step_ms=0, checkpoint_every=2, defect=str(defect))
            spec["plasa"]["trainer"] = "audited"
            sweep = cluster.submit(spec)
            cluster.wait(sweep, check=8)
            trial = cluster.trials(sweep)[0]
            self.assertEqual((trial["state"], [a["cause"] for a in trial["attempts"]]), ("quarantined", ["AUDIT"]))
            self.assertIn("gradient coverage", str(trial))
            defect.unlink()
            cluster.ctl("retry", sweep)
            cluster.wait(sweep)
            trial = cluster.trials(sweep)[0]
            self.assertEqual((trial["state"], [(a["state"], a["start_step"]) for a in trial["attempts"]]),
                             ("succeeded", [("failed", 0), ("succeeded", 0)]))
            self.assertEqual([int(row["step"]) for row in cluster.metrics(trial["id"], "val/loss")], list(range(1, 11)))

    def test_a_log_rule_keeps_it_from_workers_that_broke_it(self):
        with Cluster(slots=1, trainers=TRAINERS) as cluster:
            cluster.add_worker(Path(cluster.temp.name) / "other", 1)
            spec = steps_sweep(steps=10, fail="exit:1")
            spec["plasa"].update(max_attempts=9, log_rules={"asked to fail": "exclude_worker"})
            sweep = cluster.submit(spec)
            tried = wait_until(lambda: [a for a in cluster.trials(sweep)[0]["attempts"] if a["state"] == "failed"][1:]
                               and cluster.trials(sweep)[0]["attempts"], "two attempts")
            self.assertEqual(len({attempt["worker"] for attempt in tried}), 2)
            wait_until(lambda: "log rule" in cluster.trials(sweep)[0]["explain"], "the explanation")
            cluster.wait(cluster.submit(NOOP))
            self.assertEqual((cluster.trials(sweep)[0]["state"], len(cluster.trials(sweep)[0]["attempts"])), ("queued", 2))


if __name__ == "__main__":
    unittest.main(verbosity=2)
