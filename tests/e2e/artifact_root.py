#!/usr/bin/env python3
"""A directory for artifacts that coordinator and workers share: checkpoints go straight there, only the word of them travels."""

import os
import re
import signal
import sqlite3
import tempfile
import unittest
import urllib.request
from pathlib import Path

from harness import Cluster, alive, steps_sweep, trainer, wait_until

STEPS = {"steps": trainer("steps.py")}


def published(cluster):
    with sqlite3.connect(f"file:{cluster.state}/plasa.db?mode=ro", uri=True) as database:
        return database.execute("SELECT count(*) FROM checkpoints").fetchone()[0]


class SharedCluster(Cluster):
    """Coordinator and workers on one --artifact-root."""

    def __init__(self, root, **options):
        super().__init__(worker=False, trainers=STEPS, **options)
        self.root = root
        self.coordinator.arguments += ["--artifact-root", str(root)]

    def add_sharing_worker(self, name, root):
        worker = self.add_worker(Path(self.temp.name) / name, 1)
        worker.kill()
        worker.arguments += ["--artifact-root", str(root)]
        return worker.start()

    def uploads(self):
        """PutChunk calls so far."""
        with urllib.request.urlopen(self.endpoints["http"] + "/metrics") as page:
            lines = page.read().decode().splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith("plasa_rpc_total{") and "PutChunk" in line)

    def stored(self):
        return sorted(path.name for path in self.root.glob("*/??/*"))


class ArtifactRoot(unittest.TestCase):
    def setUp(self):
        temp = tempfile.TemporaryDirectory(prefix="plasa-shared-")
        self.addCleanup(temp.cleanup)
        self.root = Path(temp.name) / "shared"
        self.root.mkdir()

    def finish_after_a_drain(self, cluster):
        """A trial that has to leave one worker and goes on on the other."""
        sweep = cluster.submit(steps_sweep(steps=80, checkpoint_steps=10, step_ms=20))
        wait_until(cluster.stored, "a checkpoint")
        first, second = cluster.workers
        pid = cluster.running_trainer(first.state)[1] if cluster.attempts(first.state) else None
        away = first if pid else second
        pid = pid or cluster.running_trainer(second.state)[1]
        cluster.ctl("worker", "drain", self.id_of(away))
        cluster.wait(sweep)
        self.assertFalse(alive(pid))
        return cluster.trials(sweep)[0]

    def id_of(self, worker):
        return re.search(r"worker ready id=(\w+)", worker.log.read_text())[1]

    def judge(self, trial):
        self.assertEqual((trial["state"], len(trial["attempts"])), ("succeeded", 2), trial)
        self.assertGreater(trial["attempts"][1]["start_step"], 0)
        self.assertEqual(trial["attempts"][1]["certificate"]["state"], "holds")

    def test_files_do_not_travel_through_the_coordinator(self):
        with SharedCluster(self.root) as cluster:
            for name in ("a", "b"):
                cluster.add_sharing_worker(name, self.root)
            self.judge(self.finish_after_a_drain(cluster))
            self.assertEqual(cluster.uploads(), 0)
            self.assertEqual(list(self.root.glob("*/partial/*")), [])
            backup = Path(cluster.temp.name) / "backup"
            cluster.ctl("backup", backup)
            self.assertEqual(sorted(path.name for path in backup.glob("artifacts/??/*")), cluster.stored())

    def test_a_worker_that_does_not_see_it_sends_its_files(self):
        elsewhere = self.root.parent / "elsewhere"
        elsewhere.mkdir()
        with SharedCluster(self.root) as cluster:
            for name in ("a", "b"):
                cluster.add_sharing_worker(name, elsewhere)
            self.judge(self.finish_after_a_drain(cluster))
            self.assertGreater(cluster.uploads(), 0)
            self.assertEqual(list(elsewhere.iterdir()), [])
            self.assertIn("--artifact-root is not the coordinator's", cluster.workers[0].tail(400))

    def test_what_was_stored_before_is_moved_there(self):
        with SharedCluster(self.root) as cluster:
            shared = cluster.coordinator.arguments
            cluster.coordinator.kill()
            cluster.coordinator.arguments = shared[:-2]
            for path in [cluster.state / "artifacts"]:
                target = os.readlink(path)
                path.unlink()
                os.rename(target, path)
            cluster.start_coordinator()
            worker = cluster.add_worker(cluster.state, 1)
            sweep = cluster.submit(steps_sweep(steps=60, checkpoint_steps=10, step_ms=20))
            wait_until(lambda: published(cluster), "a checkpoint")
            self.assertEqual(cluster.stored(), [])
            cluster.coordinator.kill()
            os.kill(cluster.running_trainer()[1], signal.SIGKILL)
            cluster.coordinator.arguments = shared
            cluster.start_coordinator()
            self.assertNotEqual(cluster.stored(), [])
            self.assertTrue((cluster.state / "artifacts").is_symlink())
            cluster.wait(sweep)
            self.judge(cluster.trials(sweep)[0])
            self.assertTrue(worker.running())

    def test_a_root_that_is_not_there_is_refused(self):
        with SharedCluster(self.root) as cluster:
            cluster.coordinator.kill()
            os.rename(self.root, self.root.parent / "away")
            cluster.coordinator.start()
            self.assertEqual(cluster.coordinator.process.wait(60), 5, cluster.coordinator.tail())
            self.assertIn("not there", cluster.coordinator.tail())
            os.rename(self.root.parent / "away", self.root)
            cluster.start_coordinator()


if __name__ == "__main__":
    unittest.main(verbosity=2)
