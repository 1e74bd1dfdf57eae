#!/usr/bin/env python3
"""The systemd units: systemd accepts them without a warning, and their options are ones the programs have."""

import re
import tempfile
import unittest
from pathlib import Path

from shipped import DEPLOY, need, options_of, output_of

from harness import BIN

UNITS = {"plasa-coordinator": DEPLOY / "systemd" / "plasa-coordinator.service",
         "plasa-worker": DEPLOY / "systemd" / "plasa-worker.service"}


def settings(unit):
    """{key: [values]} of a unit file."""
    found = {}
    for key, value in re.findall(r"^(\w+)=(.*)$", unit.read_text(), re.MULTILINE):
        found.setdefault(key, []).append(value)
    return found


class SystemdUnits(unittest.TestCase):
    def test_systemd_accepts_them(self):
        with tempfile.TemporaryDirectory() as directory:
            copies = []
            for unit in UNITS.values():
                copy = Path(directory) / unit.name
                copy.write_text(unit.read_text().replace("/usr/bin/plasa-", f"{BIN}/plasa-"))
                copies.append(copy)
            code, text = output_of("systemd-analyze", "verify", *copies)
            self.assertEqual((code, text), (0, ""))

    def test_their_options_exist(self):
        for program, unit in UNITS.items():
            examples = (unit.parent / (program.removeprefix("plasa-") + ".env.example")).read_text()
            command = settings(unit)["ExecStart"][0]
            used = set(re.findall(r"--[a-z-]+", command + examples))
            self.assertLessEqual(used, options_of(program), program)

    def test_they_are_watched(self):
        for unit in UNITS.values():
            keys = settings(unit)
            self.assertEqual((keys["Type"], keys["NotifyAccess"], keys["Restart"]), (["notify"], ["main"], ["always"]), unit.name)
            self.assertGreaterEqual(int(keys["WatchdogSec"][0]), 30, "the coordinator may be slow for a while and still serve")

    def test_stopping_the_worker_leaves_trainers_alone(self):
        worker = settings(UNITS["plasa-worker"])
        self.assertEqual(worker["KillMode"], ["process"])
        self.assertEqual(worker["KillSignal"], ["SIGHUP"])
        self.assertEqual(worker["OOMPolicy"], ["continue"])
        self.assertNotIn("PrivateTmp", worker)

    def test_variables_have_a_default_or_may_be_empty(self):
        for unit in UNITS.values():
            keys = settings(unit)
            needed = set(re.findall(r"\$\{(\w+)\}", keys["ExecStart"][0]))
            self.assertLessEqual(needed, {value.split("=")[0] for value in keys["Environment"]}, unit.name)


if __name__ == "__main__":
    need("systemd-analyze", "systemd")
    unittest.main(verbosity=2)
