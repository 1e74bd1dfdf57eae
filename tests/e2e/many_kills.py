#!/usr/bin/env python3
"""SIGKILL again and again, of the coordinator and of a worker daemon: nothing acknowledged is lost, nothing doubled, no step
costs anything. `many_kills.py [KILLS] [STREAMS]`: how often each is killed, and how many trials report meanwhile."""

import os
import random
import statistics
import sys
import time
import unittest

from harness import Cluster, alive, read_json, steps_sweep, trainer, wait_until

KILLS, STREAMS = 12, 4


def running_pids(cluster):
    """Trainer pids by attempt directory, of those that run."""
    found = {}
    for directory in cluster.attempts():
        identity = read_json(directory / "shim.json")
        if identity and alive(identity["pid"]) and not (directory / "exit.json").exists():
            found[directory.name] = identity["pid"]
    return found


class ManyKills(unittest.TestCase):
    def start(self, cluster):
        sweep = cluster.submit(steps_sweep(seeds=STREAMS, steps=10_000_000, step_ms=100, checkpoint_steps=500))
        wait_until(lambda: len(running_pids(cluster)) == STREAMS, "all trainers to run")
        return sweep

    def judge_curves(self, cluster, sweep):
        """Each trial is in its first attempt, and its stored points are exactly its events so far."""
        for trial in cluster.trials(sweep):
            self.assertEqual((trial["state"], len(trial["attempts"])), ("running", 1), trial)
            rows = cluster.metrics(trial["id"], "val/loss")
            steps = [int(row["step"]) for row in rows]
            self.assertEqual(steps, list(range(1, len(steps) + 1)), f"{trial['id']} has a hole or a doubled point")

    def reported(self, cluster, sweep):
        return {trial["id"]: trial["step"] for trial in cluster.trials(sweep)}

    def wait_for_news(self, cluster, sweep, before):
        """Every stream has reported since."""
        wait_until(lambda: all(step > before[id] for id, step in self.reported(cluster, sweep).items()), "all streams to report")

    def test_coordinator(self):
        noise, away = random.Random(1), []
        with Cluster(slots=STREAMS, trainers={"steps": trainer("steps.py")}) as cluster:
            sweep = self.start(cluster)
            pids = running_pids(cluster)
            for kill in range(KILLS):
                if kill % 10 == 0:
                    self.wait_for_news(cluster, sweep, self.reported(cluster, sweep))
                for _ in range(noise.randrange(400)):
                    os.sched_yield()  # somewhere within what it is doing
                acknowledged = self.reported(cluster, sweep) if kill % 5 == 0 else {}
                cluster.coordinator.kill()
                started = time.monotonic()
                cluster.start_coordinator()
                away.append(time.monotonic() - started)
                now = self.reported(cluster, sweep) if acknowledged else {}
                for id, step in acknowledged.items():
                    self.assertGreaterEqual(now[id], step, "an acknowledged point is gone")
            self.wait_for_news(cluster, sweep, self.reported(cluster, sweep))
            self.judge_curves(cluster, sweep)
            self.assertEqual(running_pids(cluster), pids, "trainers were ended")
        print(f"{KILLS} kills of the coordinator under {STREAMS} streams: serving again after {statistics.median(away):.3f} s (median), "
              f"{max(away):.3f} s (worst)")

    def test_worker_daemon(self):
        with Cluster(slots=STREAMS, trainers={"steps": trainer("steps.py")}) as cluster:
            sweep = self.start(cluster)
            pids = running_pids(cluster)
            for kill in range(KILLS):
                cluster.worker.kill()
                adopted = cluster.worker.log.read_text().count("trainer adopted")
                cluster.worker.start()
                wait_until(lambda: cluster.worker.log.read_text().count("trainer adopted") == adopted + STREAMS, "re-adoption")
                self.assertEqual(running_pids(cluster), pids, f"kill {kill} ended a trainer")
            self.wait_for_news(cluster, sweep, self.reported(cluster, sweep))
            self.judge_curves(cluster, sweep)
        print(f"{KILLS} kills of the worker daemon: {KILLS * STREAMS} of {KILLS * STREAMS} trainers adopted again")


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        KILLS = int(sys.argv.pop(1))
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        STREAMS = int(sys.argv.pop(1))
    unittest.main(verbosity=2)
