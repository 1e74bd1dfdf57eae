#!/usr/bin/env python3
"""A worker on a second host (a network namespace) while the network between them fails: the cable is out for longer than
the lease, one direction loses all packets, the worker's address changes, long packets are dropped. Result tables are that of
an undisturbed run byte for byte, every point is there once, and no trial fails or moves without need."""

import json
import unittest
from contextlib import contextmanager

from harness import steps_sweep, wait_until
from second_host import SecondHost, cluster_that_listens_to, skip_without_second_host, start_far_worker

STEPS, TRIALS = 80, 3
NARROW_BYTES = 400


def spec(lost_after):
    sweep = steps_sweep("network", seeds=TRIALS, steps=STEPS, checkpoint_steps=20, step_ms=25)
    sweep["plasa"]["lost_after"] = lost_after
    return sweep


class Run:
    """A sweep on a worker beside the coordinator and one on the second host."""

    def __init__(self, host, cluster, lost_after):
        self.host, self.cluster = host, cluster
        self.far = start_far_worker(cluster, host)
        wait_until(lambda: self.online() == 2, "both workers")
        self.sweep = cluster.submit(spec(lost_after))

    def workers(self):
        return json.loads(self.cluster.ctl("worker", "list", "-o", "json").stdout)["workers"]

    def online(self):
        return [worker["state"] for worker in self.workers()].count("online")

    def far_is_silent(self):
        return any(worker["name"] == "far" and worker["state"] == "silent" for worker in self.workers())

    def wait_for_far_trainer(self):
        return self.cluster.running_trainer(self.far.state)

    def attempts(self):
        return [trial["attempts"] for trial in self.cluster.trials(self.sweep)]

    def wait_for_all_online(self):
        wait_until(lambda: self.online() == 2, "the far worker to be heard again")


@contextmanager
def running(lost_after="60s"):
    with SecondHost() as host, cluster_that_listens_to(host) as cluster:
        yield Run(host, cluster, lost_after)


class NetworkFaults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with running() as run:
            run.cluster.wait(run.sweep)
            cls.expected = run.cluster.table(run.sweep)

    def judge(self, run):
        """What holds after every fault; returns the attempts of each trial."""
        run.cluster.wait(run.sweep)
        for trial in run.cluster.trials(run.sweep):
            steps = [int(row["step"]) for row in run.cluster.metrics(trial["id"], "val/loss")]
            self.assertEqual(steps, list(range(1, STEPS + 1)), f"{trial['id']} has a hole or a doubled point")
            ends = [attempt["state"] for attempt in trial["attempts"]]
            self.assertEqual((ends.count("succeeded"), set(ends) - {"succeeded", "lost"}), (1, set()), trial)
        self.assertEqual(run.cluster.table(run.sweep), self.expected)
        return run.attempts()

    def judge_that_nothing_moved(self, run):
        self.assertEqual([len(attempts) for attempts in self.judge(run)], [1] * TRIALS)

    def test_a_cut_longer_than_the_lease(self):
        with running(lost_after="6s") as run:
            run.wait_for_far_trainer()
            run.host.links("down")
            wait_until(lambda: max(map(len, run.attempts())) > 1, "the other worker to take its trial")
            run.host.links("up")
            run.wait_for_all_online()
            self.assertEqual(sorted(map(len, self.judge(run))), [1] * (TRIALS - 1) + [2])

    def lose_one_direction(self, direction):
        with running() as run:
            run.wait_for_far_trainer()
            run.host.lose(direction)
            wait_until(run.far_is_silent, "the far worker's silence")
            run.host.lose(direction, False)
            run.wait_for_all_online()
            self.judge_that_nothing_moved(run)

    def test_what_the_worker_says_is_lost(self):
        self.lose_one_direction("from")

    def test_what_the_worker_is_told_is_lost(self):
        self.lose_one_direction("to")

    def test_the_worker_has_another_address(self):
        with running() as run:
            run.wait_for_far_trainer()
            run.host.move()
            self.judge_that_nothing_moved(run)
            run.wait_for_all_online()

    def test_long_packets_are_dropped(self):
        with running() as run:
            run.wait_for_far_trainer()
            run.host.narrow(NARROW_BYTES)
            self.judge_that_nothing_moved(run)
            self.assertGreater(run.host.dropped(), 0)
            run.wait_for_all_online()


if __name__ == "__main__":
    skip_without_second_host()
    unittest.main(verbosity=2)
