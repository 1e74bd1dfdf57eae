#!/usr/bin/env python3
"""A full disk under the coordinator: it refuses with a sentence, trainers run on, and with room again nothing was lost."""

import json
import unittest
from pathlib import Path

from harness import Cluster, steps_sweep, trainer, wait_until
from prometheus_process import get
from small_disk import SmallDisk, skip_unless_root

UNAVAILABLE = 6
STEPS = 150


def cluster_on(disk):
    cluster = Cluster(trainers={"steps": trainer("steps.py")}, worker=False)
    cluster.state = disk.path / "state"
    cluster.coordinator.arguments[2] = str(cluster.state)
    return cluster


class DiskFull(unittest.TestCase):
    def test_refuses_and_goes_on(self):
        with SmallDisk() as disk, cluster_on(disk) as cluster:
            cluster.add_worker(Path(cluster.temp.name) / "worker", 1)
            sweep = cluster.submit(steps_sweep(seeds=2, steps=STEPS, step_ms=5))
            wait_until(lambda: cluster.trials(sweep)[0]["step"], "the first steps")
            disk.fill()
            acknowledged = self.submit_until_refused(cluster)
            self.judge_read_only(cluster, sweep)
            wait_until(lambda: self.exits(cluster), "the trainer to end, coordinator or not")
            disk.free()
            cluster.wait(sweep)
            self.judge_nothing_lost(cluster, sweep, acknowledged)

    def exits(self, cluster):
        return list((cluster.worker.state / "worker" / "attempts").glob("*/exit.json"))

    def submit_until_refused(self, cluster):
        """Ids of the sweeps that were acknowledged on the way."""
        path = Path(cluster.temp.name) / "large.yaml"
        acknowledged = []
        for number in range(100):
            path.write_text(json.dumps({"name": f"large{number}", "method": "grid", "parameters": {"x": {"value": number}},
                                        "plasa": {"trainer": "nosuch", "seeds": 2000}}))
            done = cluster.ctl("submit", path, "-o", "json", check=None)
            if done.returncode != 0:
                break
            acknowledged.append(json.loads(done.stdout)["sweep"])
        self.assertEqual(done.returncode, UNAVAILABLE, done.stdout)
        self.assertIn("disk is full", json.loads(done.stdout)["error"]["message"])
        return acknowledged

    def judge_read_only(self, cluster, sweep):
        self.assertTrue(cluster.coordinator.running())
        self.assertEqual(len(cluster.trials(sweep)), 2)
        self.assertIn("plasa_read_only 1", get(cluster.endpoints["http"] + "/metrics")[1])
        findings = {f["check"]: f for f in json.loads(cluster.ctl("doctor", "-o", "json", check=None).stdout)["findings"]}
        self.assertEqual(findings["disk"]["result"], "warning")
        self.assertIn("free some", findings["disk"]["mend"])

    def judge_nothing_lost(self, cluster, sweep, acknowledged):
        for trial in cluster.trials(sweep):
            self.assertEqual((trial["state"], len(trial["attempts"])), ("succeeded", 1))
            points = [int(point["step"]) for point in cluster.metrics(trial["id"], "val/loss")]
            self.assertEqual(points, list(range(1, STEPS + 1)))
        kept = {row["id"] for row in json.loads(cluster.ctl("list", "-o", "json").stdout)["sweeps"]}
        self.assertLessEqual({sweep, *acknowledged}, kept)
        self.assertIn("plasa_read_only 0", get(cluster.endpoints["http"] + "/metrics")[1])
        cluster.coordinator.kill()
        cluster.start_coordinator()
        self.assertEqual(len(cluster.trials(sweep)), 2)


if __name__ == "__main__":
    skip_unless_root()
    unittest.main(verbosity=2)
