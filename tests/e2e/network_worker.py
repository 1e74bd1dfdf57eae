#!/usr/bin/env python3
"""A second worker on a second host (a network namespace) joins with a token and takes about half of the queue."""

import sys
import unittest
from collections import Counter
from pathlib import Path

from harness import BIN, Cluster, Daemon, steps_sweep, trainer, wait_until
from second_host import SecondHost

TRIALS = 24


def start_far_worker(cluster, host):
    """A worker over there, with a state directory and a token of its own."""
    state = Path(cluster.temp.name) / "far"
    token = Path(cluster.temp.name) / "worker.token"
    token.write_text(cluster.ctl("worker", "token", "--label", "far", "-q").stdout)
    token.chmod(0o600)
    worker = Daemon(host.command(BIN / "plasa-worker", "--state", state, "--coordinator", cluster.endpoints["grpc"],
                                 "--token-file", token, "--slots", 1, "--name", "far",
                                 "--trainer", f"steps={trainer('steps.py')}"), state / "logs" / "worker.log")
    worker.state = state
    cluster.workers.append(worker.start())


class NetworkWorker(unittest.TestCase):
    def test_takes_half_of_the_queue(self):
        with SecondHost() as host:
            cluster = Cluster(slots=1, trainers={"steps": trainer("steps.py")})
            cluster.coordinator.arguments[-1:] = [f"{host.address}:0:0", "--insecure-network"]
            with cluster:
                start_far_worker(cluster, host)
                wait_until(lambda: cluster.ctl("worker", "list", "-o", "json").stdout.count('"online"') == 2, "both workers")
                sweep = cluster.submit(steps_sweep(seeds=TRIALS, steps=20, step_ms=10))
                cluster.wait(sweep)
                self.judge(cluster.trials(sweep))
                self.assertEqual(len(cluster.attempts()) + len(cluster.attempts(cluster.workers[1].state)), TRIALS)

    def judge(self, trials):
        self.assertEqual({trial["state"] for trial in trials}, {"succeeded"})
        self.assertTrue(all(len(trial["attempts"]) == 1 for trial in trials))
        share = Counter(trial["attempts"][0]["worker"] for trial in trials)
        print(f"trials by worker: {dict(share)}")
        self.assertEqual(len(share), 2)

    def test_without_the_flag_it_refuses_to_listen(self):
        cluster = Cluster(worker=False)
        cluster.coordinator.arguments[-1] = "0.0.0.0:0:0"
        cluster.coordinator.start()
        self.assertEqual(cluster.coordinator.process.wait(60), 2)
        self.assertIn("--insecure-network", cluster.coordinator.tail())
        self.assertIn("tunnel", cluster.coordinator.tail())
        cluster.temp.cleanup()


if __name__ == "__main__":
    REASON = SecondHost.why_not()
    if REASON:
        print(f"SKIPPED: no second host can be made, so nothing was checked here: {REASON}")
        sys.exit(77)
    unittest.main(verbosity=2)
