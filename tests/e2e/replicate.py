#!/usr/bin/env python3
"""Seeds that come after a sweep was submitted: by the rule of replicate: until_decided, and by hand."""

import json
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from harness import Cluster, trainer, wait_until


def sweep(name, values, **plasa):
    return {"name": name, "method": "grid", "metric": {"name": "val/loss", "goal": "minimize"},
            "parameters": {"x": {"values": values}},
            "plasa": {"trainer": "seeded", **plasa}}


class Replicate(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster(slots=6, trainers={"seeded": trainer("seeded.py")}))

    def seeds(self, name):
        found = {}
        for trial in self.cluster.trials(name):
            found.setdefault(trial["cell"].get("x"), []).append(trial["seed"])
        return {x: sorted(seeds) for x, seeds in found.items()}

    def replication(self, name):
        return self.cluster.show(name)["sweep"]["replication"]

    def post(self, path, check=200):
        token = (self.cluster.state / "tokens" / "admin").read_text().strip()
        request = urllib.request.Request(f"{self.cluster.endpoints['http']}/api/v1/{path}", method="POST", data=b"",
                                         headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                self.assertEqual(reply.status, check)
                return json.load(reply)
        except urllib.error.HTTPError as error:
            self.assertEqual(error.code, check, error.read())
            return None

    # x=1 and x=2 lie far apart; x=3 is x=1 with a scatter that no number of seeds up to 20 decides.
    def test_a_sweep_adds_seeds_to_undecided_cells_until_it_may_not(self):
        submitted = self.cluster.submit(sweep("grows", [1, 2, 3], replicate="until_decided",
                                              contrasts=["x=1 - x=2", "x=1 - x=3"]))
        wait_until(lambda: self.replication(submitted)["added"], "seeds to be added")
        self.cluster.coordinator.kill()
        self.cluster.start_coordinator()
        self.cluster.wait(submitted)
        self.assertEqual(self.seeds(submitted), {1: list(range(1, 21)), 2: list(range(1, 13)), 3: list(range(1, 21))})
        replication = self.replication(submitted)
        self.assertFalse(replication["open"])
        self.assertEqual([(added["seeds"], added["cells"]) for added in replication["added"]],
                         [([13, 14, 15, 16], 2), ([17, 18, 19, 20], 2)])
        self.assertEqual(replication["added"][0]["why"], "1 of 2 contrasts is undecided at 12 seeds")
        self.assertIn("1 of 2 contrasts is undecided at 20 seeds", replication["stopped"])
        self.assertIn("20 seeds", self.cluster.ctl("show", submitted).stdout)

        report = Path(self.cluster.temp.name) / "report"
        self.cluster.ctl("report", submitted, "-o", report, check=None)  # the figure wants gnuplot
        verdicts = json.loads((report / "verdicts.json").read_text())
        self.assertEqual(verdicts["looks"], [12, 16, 20])
        self.assertAlmostEqual(verdicts["alpha"], 0.05 / 3)
        self.assertEqual([(v["verdict"].split()[0], v["n"]) for v in verdicts["verdicts"]],
                         [("supported", 12), ("inconclusive", 20)])

        # Neither a user nor a second submission changes what was decided.
        refused = self.cluster.ctl("add-seeds", submitted, 1, check=None)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("by its own rule", refused.stderr)
        self.post(f"sweeps/{submitted}/add-seeds?seeds=1", check=409)
        again = self.cluster.submit(sweep("grows", [1, 2, 3], replicate="until_decided", contrasts=["x=1 - x=2", "x=1 - x=3"]))
        self.cluster.wait(again)
        self.assertEqual(len(self.cluster.trials(submitted)), 52)

    def test_a_sweep_stops_at_the_first_look_that_decides(self):
        submitted = self.cluster.submit(sweep("clear", [1, 2], replicate="until_decided", contrasts=["x=1 - x=2"]))
        self.cluster.wait(submitted)
        self.assertEqual(self.replication(submitted),
                         {"open": False, "added": [], "stopped": "its contrast is decided at 12 seeds"})

    def test_a_canceled_sweep_takes_no_seeds(self):
        submitted = self.cluster.submit(sweep("stopped", [1, 3], replicate="until_decided", contrasts=["x=1 - x=3"]))
        self.cluster.ctl("cancel", submitted)
        self.cluster.wait(submitted, check=None)
        self.assertEqual(len(self.cluster.trials(submitted)), 24)

    def test_seeds_added_by_hand_are_said_in_the_report(self):
        submitted = self.cluster.submit(sweep("byhand", [1, 2], seeds=2, contrasts=["x=1 - x=2"]))
        self.cluster.wait(submitted)
        added = json.loads(self.cluster.ctl("add-seeds", "byhand", 6, "-o", "json").stdout)
        self.assertEqual((added["trials"], added["created"]), (12, 12))
        self.cluster.wait(submitted)
        self.assertEqual(self.post(f"sweeps/{submitted}/add-seeds?seeds=2")["created"], 4)
        self.cluster.wait(submitted)
        self.assertEqual(self.seeds(submitted), {1: list(range(1, 11)), 2: list(range(1, 11))})
        self.assertIn("6 seeds were added", self.cluster.ctl("show", submitted).stdout)
        report = Path(self.cluster.temp.name) / "report"
        said = self.cluster.ctl("report", submitted, "-o", report, check=None).stdout
        self.assertIn("6 seeds were added", said)
        self.assertIn("6 seeds were added", (report / "report.html").read_text())
        for count in ("0", "1001", "-1"):
            refused = self.cluster.ctl("add-seeds", "--", "byhand", count, check=None)
            self.assertIn("1 to 1000", refused.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
