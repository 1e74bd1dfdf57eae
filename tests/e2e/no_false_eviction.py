#!/usr/bin/env python3
"""A coordinator that stands still far longer than a lease, and cores that have no time for anybody: no worker loses a trial.
`no_false_eviction.py [SECONDS]`: how long each lasts."""

import os
import signal
import subprocess
import sys
import time
import unittest
from contextlib import ExitStack

from harness import Cluster, steps_sweep, trainer, wait_until

SECONDS = 8
LEASE_S = 5  # shorter than the trouble
BUSY = "while True: pass"


class NoFalseEviction(unittest.TestCase):
    def start(self, cluster):
        spec = steps_sweep(seeds=2, steps=1_000_000, step_ms=50)
        spec["plasa"]["lost_after"] = f"{LEASE_S}s"
        sweep = cluster.submit(spec)
        wait_until(lambda: all(trial["step"] > 3 for trial in cluster.trials(sweep)), "the first steps")
        # Somebody who would take whatever is given away.
        cluster.add_worker(cluster.state / "other", 2)
        wait_until(lambda: cluster.ctl("worker", "list").stdout.count("online") == 2, "the second worker")
        return sweep

    def judge(self, cluster, sweep):
        before = {trial["id"]: trial["step"] for trial in cluster.trials(sweep)}
        wait_until(lambda: all(t["step"] > before[t["id"]] + 3 for t in cluster.trials(sweep)), "more steps")
        for trial in cluster.trials(sweep):
            self.assertEqual((trial["state"], len(trial["attempts"])), ("running", 1), trial)

    def test_a_coordinator_that_is_stopped(self):
        with Cluster(slots=2, trainers={"steps": trainer("steps.py")}) as cluster:
            sweep = self.start(cluster)
            cluster.coordinator.process.send_signal(signal.SIGSTOP)
            resume_at = time.monotonic() + SECONDS
            wait_until(lambda: time.monotonic() > resume_at, "the end of the pause", limit_s=SECONDS + 10)
            cluster.coordinator.process.send_signal(signal.SIGCONT)
            self.judge(cluster, sweep)

    def test_busy_cores(self):
        with Cluster(slots=2, trainers={"steps": trainer("steps.py")}) as cluster, ExitStack() as stack:
            sweep = self.start(cluster)
            for _ in range(2 * os.cpu_count()):
                busy = stack.enter_context(subprocess.Popen([sys.executable, "-c", BUSY]))
                stack.callback(busy.kill)
            calm_at = time.monotonic() + SECONDS
            wait_until(lambda: time.monotonic() > calm_at, "the end of the storm", limit_s=SECONDS + 10)
            self.judge(cluster, sweep)


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        SECONDS = int(sys.argv.pop(1))
    unittest.main(verbosity=2)
