#!/usr/bin/env python3
"""Real processes under seeded faults: `schedules.py [SCHEDULES] [FIRST]`. Each schedule kills, stops and cuts off coordinator,
workers, shims and trainers while a sweep runs on two workers behind a bad network, and ends with the result table of a quiet
run, byte for byte, every point there once. A failing seed is printed: `schedules.py 1 SEED` runs it again."""

import os
import random
import signal
import sys
import threading
import time
import unittest
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))
from bad_network import MODES, BadNetwork  # noqa: E402
from harness import Cluster, alive, read_json, steps_sweep, trainer, wait_until  # noqa: E402

SCHEDULES, FIRST = 3, 1
FAULTS = 8
STEPS, CHECKPOINT_STEPS, STEP_MS, SEEDS = 60, 12, 25, 6


def spec():
    sweep = steps_sweep("chaos", seeds=SEEDS, steps=STEPS, checkpoint_steps=CHECKPOINT_STEPS, step_ms=STEP_MS)
    sweep["plasa"].update(lost_after="6s", max_attempts=100)
    return sweep


class Schedule:
    """The faults of one seed, applied one after another."""

    def __init__(self, seed, cluster, network):
        self.random, self.cluster, self.network = random.Random(seed), cluster, network
        self.applied = Counter()
        self.stopped = []

    def run(self):
        for _ in range(FAULTS):
            wait = time.monotonic() + self.random.uniform(0.05, 0.6)
            wait_until(lambda: time.monotonic() > wait, "the next fault")
            fault = self.random.choice([self.kill_coordinator, self.kill_daemon, self.kill_trainer, self.kill_shim, self.stop_something,
                                        self.weather, self.weather])
            fault()
        self.heal()

    def pids(self, pattern):
        found = []
        for worker in self.cluster.workers:
            for path in sorted(Path(worker.state).glob(pattern)):
                identity = read_json(path)
                if identity and alive(identity["pid"]) and not (path.parent / "exit.json").exists():
                    found.append(identity["pid"])
        return found

    def signal_one(self, pids, number, name):
        if not pids:
            return None
        pid = self.random.choice(pids)
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return None
        self.applied[name] += 1
        return pid

    def kill_coordinator(self):
        self.cluster.coordinator.kill()
        self.cluster.start_coordinator()
        self.applied["kill coordinator"] += 1

    def kill_daemon(self):
        worker = self.random.choice(self.cluster.workers)
        worker.kill()
        worker.start()
        self.applied["kill daemon"] += 1

    def kill_trainer(self):
        self.signal_one(self.pids("worker/attempts/*/shim.json"), signal.SIGKILL, "kill trainer")

    def kill_shim(self):
        self.signal_one(self.pids("worker/slots/*/shim.json"), signal.SIGKILL, "kill shim")

    def stop_something(self):
        processes = [self.cluster.coordinator.process.pid, *(worker.process.pid for worker in self.cluster.workers),
                     *self.pids("worker/attempts/*/shim.json"), *self.pids("worker/slots/*/shim.json")]
        pid = self.signal_one(processes, signal.SIGSTOP, "stop")
        if pid is None:
            return
        self.stopped.append(pid)
        timer = threading.Timer(self.random.uniform(0.1, 3.0), self.go_on, [pid])
        timer.daemon = True
        timer.start()

    def go_on(self, pid):
        try:
            os.kill(pid, signal.SIGCONT)
        except ProcessLookupError:
            pass

    def weather(self):
        mode = self.random.choice(MODES)
        self.network.set(mode)
        self.applied[f"network {mode}"] += 1

    def heal(self):
        self.network.set("fine")
        for pid in self.stopped:
            self.go_on(pid)


class Chaos(unittest.TestCase):
    def quiet(self):
        with Cluster(slots=2, trainers={"steps": trainer("steps.py")}) as cluster:
            sweep = cluster.submit(spec())
            cluster.wait(sweep)
            return cluster.table(sweep)

    def run_schedule(self, seed, expected):
        """Which faults struck, and how many attempts it took."""
        with Cluster(slots=2, trainers={"steps": trainer("steps.py")}, worker=False) as cluster, \
                BadNetwork(lambda: read_json(cluster.state / "endpoints.json")["grpc"], seed) as network:
            for name in ("one", "two"):
                cluster.endpoints = {**cluster.endpoints, "grpc": network.address}
                cluster.add_worker(Path(cluster.temp.name) / name, 2)
            sweep = cluster.submit(spec())
            schedule = Schedule(seed, cluster, network)
            wait_until(lambda: schedule.pids("worker/attempts/*/shim.json"), "the first trainer")
            schedule.run()
            cluster.wait(sweep)
            trials = cluster.trials(sweep)
            for trial in trials:
                steps = [int(row["step"]) for row in cluster.metrics(trial["id"], "val/loss")]
                self.assertEqual(steps, list(range(1, STEPS + 1)), f"seed {seed}: {trial['id']} has a hole or a doubled point")
            self.assertEqual(cluster.table(sweep), expected, f"seed {seed}: another result table")
            return schedule.applied, sum(len(trial["attempts"]) for trial in trials)

    def test_result_tables_are_equal(self):
        expected, faults, attempts, equal = self.quiet(), Counter(), 0, 0
        for seed in range(FIRST, FIRST + SCHEDULES):
            with self.subTest(seed=seed):
                applied, made = self.run_schedule(seed, expected)
                faults, attempts, equal = faults + applied, attempts + made, equal + 1
        print(f"{equal} of {SCHEDULES} result tables equal; {attempts} attempts for {SEEDS * SCHEDULES} trials; faults: "
              + ", ".join(f"{name} {count}" for name, count in sorted(faults.items())))


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        SCHEDULES = int(sys.argv.pop(1))
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        FIRST = int(sys.argv.pop(1))
    unittest.main(verbosity=2)
