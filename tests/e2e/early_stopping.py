#!/usr/bin/env python3
"""early_terminate: the same trials are pruned whatever the order their reports come in, and they enter no table and no verdict."""

import contextlib
import json
import sqlite3
import sys
import unittest
from pathlib import Path

from harness import HERE, Cluster, trainer, wait_until

sys.path.insert(0, str(HERE / "trainers"))
from gated import loss  # noqa: E402

XS, SEEDS, STEPS = range(1, 9), (1, 2), 10
RUNGS, ETA = (2, 4, 8), 2
ENDED = {"succeeded", "failed", "canceled", "pruned", "quarantined"}


def expected():
    """Cells by the rung that prunes them, from the rule alone; those that go on to the end are under None."""
    left, pruned = list(XS), {}
    for rung in RUNGS:
        left.sort(key=lambda x: (sum(loss(x, seed, rung) for seed in SEEDS), x))
        keep = max(1, len(left) // ETA)
        pruned[rung], left = set(left[keep:]), left[:keep]
    return {**pruned, None: set(left)}


def name(trial):
    return trial["cell"]["x"], trial["seed"]


class EarlyStopping(unittest.TestCase):
    def cluster(self, slots):
        cluster = self.enterContext(Cluster(slots=slots, trainers={"gated": trainer("gated.py")}))
        self.gate = Path(cluster.temp.name) / "gate"
        self.gate.mkdir()
        return cluster

    def release(self, step, trials):
        for x, seed in trials:
            (self.gate / f"{x}-{seed}").write_text(str(step))

    def spec(self, **more):
        return {"name": "early", "method": "grid", "metric": {"name": "val/loss", "goal": "minimize"},
                "early_terminate": {"type": "hyperband", "min_iter": RUNGS[0], "eta": ETA},
                "parameters": {"x": {"values": list(XS)}, "steps": {"value": STEPS}, "gate": {"value": str(self.gate)}},
                "plasa": {"trainer": "gated", "seeds": len(SEEDS), "contrasts": ["x=1 - x=2", "x=3 - x=4", "x=5 - x=6", "x=7 - x=8"]}, **more}

    def ended(self, cluster, sweep):
        """Where every trial has ended every rung is decided: no result is withdrawn behind somebody's back."""
        return wait_until(lambda: (t := cluster.trials(sweep)) and all(s["state"] in ENDED for s in t) and t, "the end of every trial")

    def check_fates(self, trials):
        wanted = {x: rung for rung, cells in expected().items() for x in cells}
        for t in trials:
            rung = wanted[t["cell"]["x"]]
            self.assertEqual(t["state"], "succeeded" if rung is None else "pruned", t)
            self.assertEqual(t["admitted"], rung is None)
            if rung is not None:
                self.assertIn(f"Pruned at rung {rung} of val/loss, where its cell had", t["explain"])

    def check_evidence(self, cluster, sweep):
        """Pruned trials keep their points, are counted aloud, and count nowhere else."""
        trials = cluster.trials(sweep)
        pruned = [t for t in trials if t["state"] == "pruned"]
        kept = len(trials) - len(pruned)
        for t in pruned:
            points = {int(row["step"]): float(row["value"]) for row in cluster.metrics(t["id"], "val/loss")}
            self.assertEqual(points, {step: loss(*name(t), step) for step in points})
            self.assertGreaterEqual(len(points), RUNGS[0])
        cluster.wait(sweep, check=0)
        directory = Path(cluster.temp.name) / "report"
        report = json.loads(cluster.ctl("report", sweep, "--output", "json", "--to", directory, check=None).stdout)
        self.assertEqual((report["trials"], report["succeeded"], report["pruned"]), (len(trials), kept, len(pruned)))
        self.assertEqual(len((directory / "results.csv").read_text().splitlines()), 1 + kept)
        self.assertEqual(cluster.get(f"/api/v1/sweeps/{sweep}/verdicts")["claims"], report["claims"])
        words = {claim["verdict"] for claim in report["claims"]}
        self.assertTrue(all("not testable" in verdict for verdict in words), words)
        self.assertTrue(any("was stopped early" in verdict for verdict in words), words)
        self.assertIn(f"{len(pruned)} were pruned", cluster.ctl("report", sweep, "-o", Path(cluster.temp.name) / "people", check=None).stdout)

    def test_one_after_another_in_the_order_of_the_grid(self):
        """With one slot most trials finish before anything can be compared: they are pruned all the same."""
        cluster = self.cluster(slots=1)
        everything = [(x, seed) for x in XS for seed in SEEDS]
        self.release(STEPS, everything[:-1])
        sweep = cluster.submit(self.spec())
        wait_until(lambda: sum(t["state"] == "succeeded" for t in cluster.trials(sweep)) == len(everything) - 1, "all but one to finish")
        early = cluster.get(f"/api/v1/sweeps/{sweep}/verdicts")
        self.assertFalse(any("was stopped early" in claim["verdict"] for claim in early["claims"]))
        self.release(STEPS, everything[-1:])
        trials = self.ended(cluster, sweep)
        self.check_fates(trials)
        self.assertTrue(any("though it had finished" in t["explain"] for t in trials))
        self.check_evidence(cluster, sweep)
        cluster.coordinator.kill()
        cluster.start_coordinator()
        self.check_fates(cluster.trials(sweep))

    def test_all_at_once_backwards_with_a_coordinator_that_dies(self):
        cluster = self.cluster(slots=len(XS) * len(SEEDS))
        sweep = cluster.submit(self.spec())
        backwards = [(x, seed) for x in reversed(XS) for seed in reversed(SEEDS)]
        self.release(3, backwards[:-1])
        reported = wait_until(lambda: sum(t["step"] == 3 for t in cluster.trials(sweep)) == len(backwards) - 1 and cluster.trials(sweep),
                              "all but one to be beyond the rung")
        self.assertEqual({t["state"] for t in reported}, {"running"}, "nothing is decided before the last one is there")
        cluster.coordinator.kill()
        self.release(3, backwards[-1:])
        cluster.start_coordinator()
        first = expected()[RUNGS[0]]
        wait_until(lambda: {name(t)[0] for t in cluster.trials(sweep) if t["state"] == "pruned"} == first,
                   f"{first} to be stopped while they train")
        stopped = [t for t in cluster.trials(sweep) if t["state"] == "pruned"]
        self.assertEqual(sorted(map(name, stopped)), [(x, seed) for x in sorted(first) for seed in SEEDS])
        self.assertEqual({t["step"] for t in stopped}, {3})
        cluster.coordinator.kill()
        cluster.start_coordinator()
        self.release(STEPS, backwards)
        self.check_fates(self.ended(cluster, sweep))
        self.check_evidence(cluster, sweep)

    def test_a_decision_stands_until_another_sweep_wants_the_trial(self):
        cluster = self.cluster(slots=len(XS) * len(SEEDS))
        self.release(STEPS, [(x, seed) for x in XS for seed in SEEDS])
        sweep = cluster.submit(self.spec())
        self.ended(cluster, sweep)
        cluster.submit(self.spec())
        self.check_fates(cluster.trials(sweep))
        plain = self.spec(name="plain")
        del plain["early_terminate"]
        other = cluster.submit(plain)
        cluster.wait(other)
        self.assertEqual({(t["state"], t["admitted"]) for t in cluster.trials(other)}, {("succeeded", True)})
        for copied, decisions in ((sweep, len(RUNGS)), (other, 0)):
            copy = Path(cluster.temp.name) / f"{copied}.sqlite"
            cluster.ctl("export", copied, "--format", "sqlite", "--to", copy)
            with contextlib.closing(sqlite3.connect(copy)) as database:
                self.assertEqual(database.execute("SELECT count(*) FROM rungs").fetchone(), (decisions,))
                self.assertEqual(database.execute("PRAGMA foreign_key_check").fetchall(), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
