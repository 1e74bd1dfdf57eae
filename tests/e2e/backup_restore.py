#!/usr/bin/env python3
"""A backup taken under load, a coordinator that dies later, and the backup put back: every trial ends, no point is there twice,
no token is given twice, and the result table is the one of a quiet run."""

import json
import shutil
import unittest
from pathlib import Path

from harness import Cluster, read_json, steps_sweep, trainer, wait_until

STEPS = {"steps": trainer("steps.py")}
JUMP = 2**32
SWEEP = steps_sweep(steps=80, checkpoint_steps=20, step_ms=15, seeds=8)


def table(cluster, sweep):
    """The canonical result table."""
    directory = Path(cluster.temp.name) / f"report-{sweep}"
    cluster.ctl("report", sweep, "-o", directory)
    return (directory / "results.csv").read_text()


def tokens(cluster):
    """Tokens of all attempts a worker has begun, over all lives of its coordinator."""
    return [int(path.name.rsplit("-", 1)[1]) for path in cluster.attempts()]


def ended(cluster, sweep):
    return [trial for trial in cluster.trials(sweep) if trial["state"] == "succeeded"]


def checkpointed(cluster):
    """Attempts that run and have a checkpoint."""
    texts = [directory / "events.jsonl" for directory in cluster.attempts() if not (directory / "exit.json").exists()]
    return [path for path in texts if path.exists() and '"type": "checkpoint"' in path.read_text()]


class BackupRestore(unittest.TestCase):
    def backup(self, cluster, name="backup"):
        to = Path(cluster.temp.name) / name
        return to, json.loads(cluster.ctl("backup", to, "-o", "json").stdout)

    def restore(self, cluster, backup, *options):
        return json.loads(cluster.ctl("restore", backup, *options, "-o", "json").stdout)

    def quiet_table(self):
        with Cluster(slots=2, trainers=STEPS) as cluster:
            sweep = cluster.submit(SWEEP)
            cluster.wait(sweep)
            return table(cluster, sweep)

    def assert_whole(self, cluster, sweep):
        cluster.wait(sweep)
        trials = cluster.trials(sweep)
        self.assertEqual(len(trials), 8)
        for trial in trials:
            self.assertEqual(trial["state"], "succeeded", trial["explain"])
            steps = [int(row["step"]) for row in cluster.metrics(trial["id"], "val/loss")]
            self.assertEqual(steps, list(range(1, 81)))
            self.assertNotIn("conflict", json.dumps(trial))
        return trials

    def assert_each_token_once(self, cluster, before):
        given = tokens(cluster)
        self.assertEqual(len(given), len(set(given)))
        later = set(given) - set(before)
        self.assertTrue(later, "nothing ran after the restore")
        self.assertGreater(min(later), JUMP)

    def under_load(self, cluster):
        """Submits, and returns (sweep, backup) with trials that report and others that ended or wait."""
        sweep = cluster.submit(SWEEP)
        wait_until(lambda: len(ended(cluster, sweep)) >= 2, "two trials to end")
        wait_until(lambda: checkpointed(cluster), "a running trainer with a checkpoint to resume from")
        backup, said = self.backup(cluster)
        self.assertEqual((said["sweeps"], said["trials"], said["missing"]), (1, 8, []))
        self.assertGreater(said["artifacts"], 0)
        return sweep, backup

    def test_the_results_are_those_of_a_quiet_run(self):
        expected = self.quiet_table()
        with Cluster(slots=2, trainers=STEPS) as cluster:
            sweep, backup = self.under_load(cluster)
            done = len(ended(cluster, sweep))
            wait_until(lambda: len(ended(cluster, sweep)) >= done + 2, "two more trials to end")
            cluster.running_trainer()
            cluster.coordinator.kill()
            before = tokens(cluster)
            cluster.ctl("restore", backup, check=5)  # never over a database without a word
            self.assertGreater(self.restore(cluster, backup, "--replace")["token_floor"], JUMP)
            cluster.start_coordinator()
            self.assert_whole(cluster, sweep)
            self.assert_each_token_once(cluster, before)
            self.assertEqual(table(cluster, sweep), expected)

    def test_a_trainer_goes_on_and_its_worker_sends_again_what_the_backup_lacks(self):
        with Cluster(slots=1, trainers=STEPS) as cluster:
            sweep = cluster.submit(steps_sweep(steps=300, checkpoint_steps=1000, step_ms=15))
            trial = cluster.trials(sweep)[0]["id"]
            wait_until(lambda: len(cluster.metrics(trial)) >= 20, "points")
            backup, _ = self.backup(cluster)
            have = len(cluster.metrics(trial))
            wait_until(lambda: len(cluster.metrics(trial)) >= have + 40, "points that the backup does not have")
            cluster.coordinator.kill()
            self.restore(cluster, backup, "--replace")
            cluster.start_coordinator()
            cluster.wait(sweep)
            self.assertEqual([int(row["step"]) for row in cluster.metrics(trial, "val/loss")], list(range(1, 301)))
            self.assertEqual(len(cluster.trials(sweep)[0]["attempts"]), 1, "it was begun again")
            self.assertEqual(tokens(cluster), [1])

    def test_a_checkpoint_that_the_backup_lacks_is_published_again(self):
        with Cluster(slots=1, trainers=STEPS) as cluster:
            sweep = cluster.submit(steps_sweep(steps=59, checkpoint_steps=30, step_ms=40))
            trial = cluster.trials(sweep)[0]["id"]
            wait_until(lambda: len(cluster.metrics(trial)) >= 5, "points")
            backup, _ = self.backup(cluster)
            wait_until(lambda: list(cluster.state.glob("artifacts/??/*")), "a checkpoint")
            cluster.coordinator.kill()
            self.restore(cluster, backup, "--replace")
            cluster.start_coordinator()
            cluster.wait(sweep)
            self.assertEqual(len(list(cluster.state.glob("artifacts/??/*"))), 2, "MANIFEST and state.json of step 30")

    def test_what_began_after_the_backup_is_fenced_and_begun_again(self):
        with Cluster(slots=2, trainers=STEPS, worker=False) as cluster:
            sweep = cluster.submit(SWEEP)
            backup, _ = self.backup(cluster)
            cluster.add_worker(cluster.state, 2)
            directory, _ = cluster.running_trainer()
            cluster.coordinator.kill()
            before = tokens(cluster)
            self.restore(cluster, backup, "--replace")
            cluster.start_coordinator()
            self.assert_whole(cluster, sweep)
            self.assert_each_token_once(cluster, before)
            self.assertFalse('"result"' in (directory / "events.jsonl").read_text(), "a fenced trainer went on to its end")

    def test_twice_from_the_same_backup_with_the_disk_lost_in_between(self):
        with Cluster(slots=2, trainers=STEPS) as cluster:
            sweep, backup = self.under_load(cluster)
            for _ in range(2):
                before = tokens(cluster)
                cluster.coordinator.kill()
                for name in ("plasa.db", "plasa.db-wal", "plasa.db-shm"):
                    (cluster.state / name).unlink(missing_ok=True)
                shutil.rmtree(cluster.state / "artifacts")
                self.restore(cluster, backup)
                cluster.start_coordinator()
                wait_until(lambda known=before: set(tokens(cluster)) - set(known), "another attempt")
            self.assert_whole(cluster, sweep)
            self.assert_each_token_once(cluster, before)
            self.assertGreater(max(tokens(cluster)), 2 * JUMP)

    def test_refusals_say_how_to_mend_them(self):
        with Cluster(slots=1, trainers=STEPS) as cluster:
            backup, _ = self.backup(cluster)
            again = cluster.ctl("backup", backup, check=5)
            self.assertIn("name a directory that is not there yet", again.stderr)
            running = cluster.ctl("restore", backup, "--replace", check=5)
            self.assertIn("stop it first", running.stderr)
            self.assertEqual(cluster.coordinator.stop(), 0)
            database = backup / "plasa.db"
            database.write_bytes(database.read_bytes()[:20000])
            damaged = cluster.ctl("restore", backup, "--replace", check=1)
            self.assertIn("nothing was changed", damaged.stderr)
            cluster.start_coordinator()
            self.assertEqual(read_json(cluster.state / "worker" / "worker.json")["v"], 1)

    def test_a_damaged_database_names_the_way_back(self):
        with Cluster(slots=1, trainers=STEPS) as cluster:
            sweep = cluster.submit(steps_sweep(steps=5))
            cluster.wait(sweep)
            backup, _ = self.backup(cluster)
            expected = table(cluster, sweep)
            self.assertEqual(cluster.coordinator.stop(), 0)
            (cluster.state / "plasa.db").write_bytes(b"damaged " * 4096)
            (cluster.state / "plasa.db-wal").unlink(missing_ok=True)  # it may still hold all pages
            cluster.coordinator.start()
            self.assertEqual(cluster.coordinator.process.wait(60), 1)
            self.assertIn(f"plasactl restore BACKUP --state {cluster.state} --replace", cluster.coordinator.tail())
            self.restore(cluster, backup, "--replace")
            cluster.start_coordinator()
            self.assertEqual(table(cluster, sweep), expected)


if __name__ == "__main__":
    unittest.main(verbosity=2)
