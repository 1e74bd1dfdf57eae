#!/usr/bin/env python3
"""Claims of a sweep: the report and the HTTP API say the same, and sweeps with one configuration answer together."""

import json
import unittest
from pathlib import Path

from harness import Cluster, trainer

SCHEDULES = ["dense_baseline", "uniform_sparse", "dense_to_sparse", "aggressive_middle", "progressive_sparse", "reverse_progressive"]


def sweep(name, schedules=SCHEDULES, parameters=None, **plasa):
    return {"name": name, "method": "grid",
            "parameters": {"preset": {"value": "demo"}, "seq_len": {"value": 64}, "schedule": {"values": schedules}, **(parameters or {})},
            "plasa": {"seeds": 8, "contrasts": "exp3", **plasa}}


class Verdicts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(Cluster(slots=6, trainers={"plasa": trainer("losses.py")}))

    def over_http(self, name):
        return self.cluster.get(f"/api/v1/sweeps/{name}/verdicts")

    def reported(self, name):
        directory = Path(self.cluster.temp.name) / f"report-{name}"
        self.cluster.ctl("report", name, "-o", directory, check=None)  # the figure wants gnuplot
        return json.loads((directory / "verdicts.json").read_text())

    def run_sweep(self, spec):
        submitted = self.cluster.submit(spec)
        self.cluster.wait(submitted)
        return submitted

    @staticmethod
    def claim(verdicts, name):
        return next(claim for claim in verdicts["claims"] if claim["id"] == name)

    def test_sweeps_with_one_configuration_answer_together(self):
        self.run_sweep(sweep("grid"))
        alone = self.over_http("grid")
        self.assertEqual(alone, self.reported("grid"))
        self.assertEqual(alone["v"], 1)
        self.assertEqual(self.claim(alone, "primary-am-uni")["verdict"], "supported")
        self.assertEqual(self.claim(alone, "primary-am-uni")["n"], 8)
        self.assertIn("no admitted results of matched_uniform", self.claim(alone, "primary-am-mu")["verdict"])
        self.assertEqual(alone, self.over_http("grid"))

        # Runs with a historical defect support nothing, and change nothing.
        self.run_sweep(sweep("leaky", parameters={"ref_leak": {"value": True}}))
        self.assertEqual(self.over_http("grid"), alone)
        self.assertTrue(all("not testable" in claim["verdict"] for claim in self.over_http("leaky")["claims"]))

        self.run_sweep(sweep("controls", controls="matched"))
        self.assertEqual(len(self.cluster.trials("controls")), 15 * 8)
        together = self.over_http("grid")
        self.assertEqual(self.claim(together, "primary-am-mu")["verdict"], "supported")
        self.assertEqual(together, self.reported("grid"))
        self.assertEqual(together["claims"], self.over_http("controls")["claims"])

    def test_a_list_gives_a_claim_a_contrast(self):
        self.run_sweep(sweep("listed", ["uniform_sparse", "dense_baseline"], {"lr": {"value": 0.5}},
                             contrasts=["dense_baseline - uniform_sparse"]))
        listed = self.over_http("listed")
        self.assertEqual(listed, self.reported("listed"))
        self.assertEqual([claim["verdict"] for claim in listed["claims"]], ["supported"])
        self.assertEqual(listed["claims"][0]["contrasts"], listed["verdicts"])

    def test_the_leaderboard_ranks_entries_of_all_sweeps(self):
        benchmark = {"preset": {"value": "plasa-benchmark"}}
        self.run_sweep(sweep("entries", ["uniform_sparse", "dense_baseline"], {**benchmark, "seq_len": {"value": 128}}, seeds=3, contrasts="none"))
        self.run_sweep(sweep("another", ["dense_baseline"], {**benchmark, "seq_len": {"value": 128}, "lr": {"value": 0.5}}, seeds=1, contrasts="none"))
        self.run_sweep(sweep("cheat", ["dense_baseline"], {**benchmark, "seq_len": {"value": 128}, "ref_leak": {"value": True}}, seeds=1, contrasts="none"))
        board, = self.cluster.get("/api/v1/leaderboard")["boards"]
        self.assertEqual([(e["rank"], e["label"], e["seeds"]) for e in board["entries"]],
                         [(1, "dense_baseline, lr=0.5", 1), (2, "dense_baseline", 3), (3, "uniform_sparse", 3)])  # one seed, the easiest
        self.assertLess(board["entries"][1]["score"]["lo"], board["entries"][1]["score"]["mean"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
