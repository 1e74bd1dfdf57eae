#!/usr/bin/env python3
"""Wall clocks that jump ten years while trials run: no worker loses a trial, and the result table is that of a quiet run. Processes get
a clock of their own through libfaketime, which leaves their steady clock alone."""

import glob
import sys
import tempfile
import unittest
from pathlib import Path

from harness import Cluster, steps_sweep, trainer, wait_until

LIBRARIES = "/usr/lib/*/faketime/libfaketimeMT.so.1"
YEARS = {"+3650d": "203", "-3650d": "201"}  # a jump, and how the years of log lines begin after it
STEPS, STEP_MS, LEASE_S = 300, 50, 3


def spec():
    sweep = steps_sweep("clocks", seeds=2, steps=STEPS, step_ms=STEP_MS)
    sweep["plasa"]["lost_after"] = f"{LEASE_S}s"
    return sweep


class Clock:
    """The wall clock of one daemon, which must not have started yet."""

    def __init__(self, daemon, path):
        self.daemon, self.file = daemon, Path(path)
        self.set("+0")
        settings = {"LD_PRELOAD": glob.glob(LIBRARIES)[0], "FAKETIME_TIMESTAMP_FILE": self.file, "FAKETIME_NO_CACHE": 1,
                    "FAKETIME_DONT_FAKE_MONOTONIC": 1, "DONT_FAKE_MONOTONIC": 1}
        daemon.arguments = ["env", *(f"{name}={value}" for name, value in settings.items()), *daemon.arguments]

    def set(self, offset):
        fresh = self.file.with_suffix(".new")
        fresh.write_text(offset + "\n")
        fresh.replace(self.file)

    def shown(self, years):
        """True once a line of the log bears such a year."""
        return any(line.startswith(years) for line in self.daemon.log.read_text().splitlines())


class WallClock(unittest.TestCase):
    def setUp(self):
        """The trainer keeps the real clock: Python's sleep is refused under libfaketime."""
        temp = tempfile.TemporaryDirectory()
        self.addCleanup(temp.cleanup)
        script = Path(temp.name) / "steps.sh"
        script.write_text(f'#!/bin/sh\nunset LD_PRELOAD\nexec "{trainer("steps.py")}" "$@"\n')
        script.chmod(0o755)
        self.trainers = {"steps": str(script)}

    def quiet(self):
        with Cluster(slots=2, trainers=self.trainers) as cluster:
            sweep = cluster.submit(spec())
            cluster.wait(sweep)
            return cluster.table(sweep)

    def start(self, cluster):
        """Clocks of the coordinator and of the worker that has all trials; another one would take what is given away."""
        clocks = [Clock(cluster.coordinator, Path(cluster.temp.name) / "coordinator.clock")]
        cluster.start_coordinator()
        worker = cluster.add_worker(cluster.state, 2, before=lambda daemon: clocks.append(Clock(daemon, f"{cluster.temp.name}/worker.clock")))
        sweep = cluster.submit(spec())
        wait_until(lambda: all(trial["step"] > 3 for trial in cluster.trials(sweep)), "the first steps")
        cluster.add_worker(cluster.state / "other", 2)
        wait_until(lambda: cluster.ctl("worker", "list").stdout.count("online") == 2, "the second worker")
        return sweep, worker, clocks

    def judge_for_a_lease(self, cluster, sweep):
        """Through more than a lease of steps each trial runs on in its first attempt, and nobody is suspected."""
        target = min(trial["step"] for trial in cluster.trials(sweep)) + 1.3 * LEASE_S * 1000 / STEP_MS
        def reached():
            trials = cluster.trials(sweep)
            for trial in trials:
                self.assertEqual((trial["state"], len(trial["attempts"])), ("running", 1), trial)
            return min(trial["step"] for trial in trials) >= target
        wait_until(reached, "the steps of a lease")

    def test_jumps(self):
        expected = self.quiet()
        with Cluster(slots=2, trainers=self.trainers, started=False) as cluster:
            sweep, worker, (coordinators, workers) = self.start(cluster)
            for offset, other in (("+3650d", "-3650d"), ("-3650d", "+3650d")):
                coordinators.set(offset)
                cluster.submit({"name": f"at{offset}", "method": "grid", "parameters": {"x": {"value": offset}}, "plasa": {"trainer": "nosuch"}})
                self.assertTrue(coordinators.shown(YEARS[offset]), cluster.coordinator.tail())
                workers.set(other)
                self.judge_for_a_lease(cluster, sweep)
                worker.kill()
                worker.start()
                wait_until(lambda: workers.shown(YEARS[other]), "a line of the new daemon")
            cluster.wait(sweep)
            self.assertEqual(cluster.table(sweep), expected)
            self.assertEqual([len(trial["attempts"]) for trial in cluster.trials(sweep)], [1, 1])


if __name__ == "__main__":
    if not glob.glob(LIBRARIES):
        print("SKIPPED: libfaketime is not installed, so no clock could be turned and nothing was checked")
        sys.exit(77)
    unittest.main(verbosity=2)
