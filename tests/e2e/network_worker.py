#!/usr/bin/env python3
"""A second worker on a second host (a network namespace) joins with a token and takes about half of the queue."""

import unittest
from collections import Counter

from harness import Cluster, steps_sweep, wait_until
from second_host import SecondHost, cluster_that_listens_to, skip_without_second_host, start_far_worker

TRIALS = 24


class NetworkWorker(unittest.TestCase):
    def test_takes_half_of_the_queue(self):
        with SecondHost() as host:
            with cluster_that_listens_to(host) as cluster:
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
    skip_without_second_host()
    unittest.main(verbosity=2)
