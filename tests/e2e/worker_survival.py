#!/usr/bin/env python3
"""Promises P3 to P6: processes die, trials do not. Real coordinator, worker, shims; a Python trainer."""

import os
import signal
import unittest

from harness import Cluster, alive, read_json, steps_sweep, trainer, wait_until

STEPS = {"steps": trainer("steps.py")}


def loss_steps(cluster, trial):
    return [int(row["step"]) for row in cluster.metrics(trial, "val/loss")]


class WorkerSurvival(unittest.TestCase):
    def assert_whole_curve(self, cluster, sweep, steps):
        """Every step's point is there exactly once."""
        for trial in cluster.trials(sweep):
            self.assertEqual(trial["state"], "succeeded")
            self.assertEqual(loss_steps(cluster, trial["id"]), list(range(1, steps + 1)))

    def test_killed_daemon_trainer_is_adopted(self):
        with Cluster(slots=1, trainers=STEPS) as cluster:
            sweep = cluster.submit(steps_sweep(steps=150))
            directory, pid = cluster.running_trainer()
            cluster.worker.kill()
            self.assertTrue(alive(pid), "the trainer died with the daemon")
            cluster.worker.start()
            cluster.wait(sweep)
            self.assertEqual(read_json(directory / "shim.json")["pid"], pid)
            self.assertEqual(len(cluster.trials(sweep)[0]["attempts"]), 1)
            self.assert_whole_curve(cluster, sweep, 150)

    def test_killed_coordinator_no_point_lost_or_doubled(self):
        with Cluster(slots=2, trainers=STEPS) as cluster:
            sweep = cluster.submit(steps_sweep(steps=150, seeds=2))
            _, pid = cluster.running_trainer()
            cluster.coordinator.kill()
            cluster.start_coordinator()
            self.assertTrue(alive(pid), "the trainer noticed")
            cluster.wait(sweep)
            for trial in cluster.trials(sweep):
                self.assertEqual(len(trial["attempts"]), 1)
            self.assert_whole_curve(cluster, sweep, 150)

    def test_killed_trainer_resumes_from_its_checkpoint(self):
        with Cluster(slots=1, trainers=STEPS) as cluster:
            sweep = cluster.submit(steps_sweep(steps=100, checkpoint_steps=10))
            directory, pid = cluster.running_trainer()
            wait_until(lambda: '"type": "checkpoint"' in (directory / "events.jsonl").read_text(), "a checkpoint")
            os.kill(pid, signal.SIGKILL)
            cluster.wait(sweep)
            attempts = cluster.trials(sweep)[0]["attempts"]
            self.assertEqual(len(attempts), 2)
            self.assertEqual(attempts[0]["cause"].lower(), "killed")
            spec = read_json(cluster.attempts()[-1] / "spec.json")
            self.assertGreater(spec["resume"]["step"], 0)
            self.assert_whole_curve(cluster, sweep, 100)

    def test_stopped_worker_leaves_nothing_and_its_trials_go_on_later(self):
        # SIGUSR1 and SIGUSR2: the notice of a scheduler that the machine will be taken away.
        for number in (signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2):
            with self.subTest(signal=number.name):
                self.stop_and_go_on(number)

    def stop_and_go_on(self, number):
        with Cluster(slots=1, trainers=STEPS) as cluster:
            sweep = cluster.submit(steps_sweep(steps=100, checkpoint_steps=1000))
            directory, pid = cluster.running_trainer()
            self.assertEqual(cluster.worker.stop(number), 0)
            self.assertFalse(alive(pid))
            self.assertEqual(read_json(directory / "exit.json")["code"], 75)
            shim = read_json(cluster.state / "worker/slots/0/shim.json")["pid"]
            wait_until(lambda: not alive(shim), "the shim to leave")
            cluster.worker.start()
            cluster.wait(sweep)
            self.assert_whole_curve(cluster, sweep, 100)


if __name__ == "__main__":
    unittest.main(verbosity=2)
