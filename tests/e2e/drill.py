#!/usr/bin/env python3
"""`plasactl drill`: it passes with the real trainer, finds a trainer whose results depend on its kills, and whatever happens leaves
neither process nor file behind and touches nothing of the user's."""

import json
import os
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import BIN, trainer, wait_until

LIMIT_S = 500
KINDS = {"kill coordinator", "restart coordinator", "kill worker daemon", "kill shim", "kill trainer", "pause coordinator",
         "pause worker daemon", "pause shim", "pause trainer", "drain worker"}


def processes_of(directory):
    """Command lines that name the directory."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(directory) in line:
            found.append(line)
    return found


class Drill(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="plasa-e2e-")
        self.addCleanup(temporary.cleanup)
        self.temp = Path(temporary.name)
        self.work, self.state = self.temp / "work", self.temp / "state"
        self.work.mkdir()
        # What a user may have set must not matter, and must not be touched.
        self.environment = dict(os.environ, TMPDIR=str(self.work), PLASA_STATE=str(self.state), PLASA_COORDINATOR="127.0.0.1:1",
                                PLASA_TOKEN_FILE="/no/such/file", NO_COLOR="1")

    def start(self, *arguments):
        return subprocess.Popen([BIN / "plasactl", "drill", *map(str, arguments)], env=self.environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def drill(self, *arguments, code=0):
        process = self.start(*arguments)
        out, err = process.communicate(timeout=LIMIT_S)
        self.assertEqual(process.returncode, code, out + err)
        self.assertEqual(processes_of(self.temp), [])
        self.assertFalse(self.state.exists(), "the user's state directory")
        return out, err

    def fake(self, *options):
        """A stand-in for plasa-trainer."""
        path = self.temp / "fake-trainer"
        path.write_text("#!/bin/sh\nexec " + " ".join([trainer("fake_plasa.py"), *options, '"$@"']) + "\n")
        path.chmod(0o755)
        return path

    def test_the_real_trainer_passes(self):
        out, err = self.drill("--seed", 3, "--rounds", 1, "-o", "json")
        found = json.loads(out)
        self.assertEqual((found["ok"], found["seed"], found["rounds"], found["equal"], found["evidence"]), (True, 3, 1, 1, None))
        self.assertEqual((found["points"]["lost"], found["points"]["doubled"], found["points"]["changed"]), (0, 0, 0))
        self.assertGreater(found["points"]["expected"], 1000)
        self.assertLessEqual(set(found["faults"]), KINDS)  # a quick machine may be done before the last of them
        self.assertGreater(sum(found["faults"].values()), 0)
        self.assertGreater(found["attempts"], found["trials"])
        self.assertGreater(found["resumed"], 0)
        for word in ("undisturbed: 4 trials", "round 1: kill coordinator: back after", "round 1: the results are equal"):
            self.assertIn(word, err)
        self.assertEqual(list(self.work.iterdir()), [])

    def test_results_that_depend_on_kills_are_found(self):
        out, err = self.drill("--seed", 3, "--rounds", 1, "--trainer-binary", self.fake("--skew"), code=1)
        evidence = next(self.work.iterdir())
        for word in ("differ", "results.csv is not that of the quiet run", "with another value", f"kept in {evidence}",
                     "plasactl drill --seed 3 --rounds 1"):
            self.assertIn(word, out)
        quiet, disturbed = ((evidence / run / "results.csv").read_text() for run in ("quiet", "round-1"))
        self.assertNotEqual(quiet, disturbed)
        self.assertTrue((evidence / "round-1" / "logs" / "coordinator.log").exists())

    def test_the_same_trainer_without_its_fault_passes(self):
        out, _ = self.drill("--seed", 3, "--rounds", 1, "--trainer-binary", self.fake())
        self.assertIn("1 of 1", out)
        self.assertEqual(list(self.work.iterdir()), [])

    def test_ctrl_c_and_a_closed_terminal_leave_nothing_behind(self):
        for number in (signal.SIGINT, signal.SIGHUP):
            with self.subTest(signal=number.name):
                self.stopped_by(number)

    def stopped_by(self, number):
        process = self.start("--trainer-binary", self.fake())
        lines = []
        wait_until(lambda: lines.append(process.stderr.readline()) or lines[-1].startswith("round 1: "), "the first fault")
        process.send_signal(number)
        _, err = process.communicate(timeout=LIMIT_S)
        self.assertEqual(process.returncode, 1, err)
        self.assertIn("nothing is left behind", err)
        self.assertEqual(processes_of(self.temp), [])
        self.assertEqual(list(self.work.iterdir()), [])

    def test_a_trainer_that_fails_in_peace_is_no_difference(self):
        fake = self.temp / "broken"
        fake.write_text('#!/bin/sh\n[ "$1" = probe ] || { echo "no such library"; exit 2; }\n')
        fake.chmod(0o755)
        _, err = self.drill("--trainer-binary", fake, code=1)
        self.assertIn("fails already when nothing disturbs it", err)

    def test_wrong_options(self):
        for arguments in (["--minutes", "-1"], ["--trainer-binary", "/no/such/program"], ["--rounds", "many"]):
            self.drill(*arguments, code=2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
