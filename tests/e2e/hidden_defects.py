"""A trainer that hides its historical flags: it says that its runs are valid, and the audits of a strict run find them all the same."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import BIN
from trainer_process import TINY

# The defects that touch what a query sees, what the held-out text is and what is trained, and the audit that finds each.
FOUND = {"ref_leak": (True, 1), "ref_baseline_no_mask": (True, 1), "ref_overlap_split": (True, 5), "ref_freeze_indexer": (True, 6)}


class HiddenDefects(unittest.TestCase):
    def setUp(self):
        self.temp = tempfile.TemporaryDirectory()
        self.addCleanup(self.temp.cleanup)

    def run_blind(self, name, **params):
        folder = Path(self.temp.name) / name
        folder.mkdir()
        spec = {"v": 1, "trial": "t", "attempt": 1, "token": 1, "dir": str(folder), "trainer": "plasa", "device": "cpu", "threads": 1, "resume": None,
                "params": {**TINY, "steps": 25, "dense_warmup_steps": 0, **params}, "data": {"corpus": "kjv"}}
        (folder / "spec.json").write_text(json.dumps(spec))
        (folder / "events.jsonl").touch()
        done = subprocess.run([BIN / "plasa-trainer-blind", "run", folder / "spec.json"], cwd=folder, capture_output=True, text=True)
        events = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
        self.assertTrue(events[0]["valid"], "the trainer hides what it runs")
        return done, events

    def failed(self, events):
        return {e["number"] for e in events if e["type"] == "audit" and not e["passed"]}

    def test_without_a_defect_it_ends_with_a_result(self):
        done, events = self.run_blind("clean")
        self.assertEqual((done.returncode, events[-1]["type"], self.failed(events)), (0, "result", set()), done.stderr)

    def test_each_hidden_defect_is_found(self):
        for flag, (value, audit) in FOUND.items():
            with self.subTest(flag):
                done, events = self.run_blind(flag, **{flag: value})
                self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
                self.assertIn(audit, self.failed(events))
                self.assertIn("audit", done.stderr)
                self.assertNotIn("result", [e["type"] for e in events])

    def test_the_canary_finds_the_leak_where_the_run_asks_for_it(self):
        for leak in (False, True):
            done, events = self.run_blind(f"canary {leak}", canary=True, ref_leak=leak)
            canary, = [e for e in events if e["type"] == "audit" and e["number"] == 4]
            self.assertEqual((canary["passed"], done.returncode), (not leak, 4 if leak else 0), done.stderr)


if __name__ == "__main__":
    unittest.main()
