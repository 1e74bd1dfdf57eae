#!/usr/bin/env python3
"""plasactl plan: sweep files as people write them, judged against what W&B makes of them."""

import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from harness import BIN, HERE

sys.path.insert(0, str(HERE.parent / "sweeps"))
from judge import judge  # noqa: E402

EDGE = HERE.parent / "sweeps" / "edge"
# Sweep files of public repositories, which are not ours to pass on: judged where a copy lies beside the source tree.
PUBLIC = HERE.parent.parent.parent / "shared" / "testdata" / "sweeps"


class Plan(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.TemporaryDirectory()
        self.addCleanup(self.dir.cleanup)

    def plan(self, *arguments, cwd=None, **environment):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PLASA_")}
        clean.update({"NO_COLOR": "1"}, **environment)
        return subprocess.run([BIN / "plasactl", "plan", *map(str, arguments)], capture_output=True, text=True, env=clean,
                              stdin=subprocess.DEVNULL, timeout=60, check=False, cwd=cwd)

    def sweep(self, text):
        path = Path(self.dir.name) / "sweep.yaml"
        path.write_text(text)
        return path

    def planned(self, path, *arguments, **environment):
        result = self.plan(path, *arguments, "-o", "json", **environment)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return json.loads(result.stdout)

    def refused(self, path, *arguments, code=2):
        result = self.plan(path, *arguments, "-o", "json")
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return json.loads(result.stdout)["error"]

    def judge_all(self, folder):
        files = sorted((folder / "files").glob("*.yaml"))
        for path in files:
            with self.subTest(path.name):
                expected = json.loads((folder / "expected" / f"{path.stem}.json").read_text())
                result = self.plan(path, "-o", "json")
                plan = json.loads(result.stdout)
                message = json.dumps(plan["error"]) if "error" in plan else result.stderr
                self.assertEqual(judge(expected, result.returncode, plan, message), [])
        return len(files)

    def test_edge_files(self):
        self.assertEqual(self.judge_all(EDGE), 13)

    def test_public_files(self):
        if not PUBLIC.exists():
            print(f"skipped: no sweep files of public repositories in {PUBLIC}", file=sys.stderr)
            self.skipTest("no public sweep files here")
        self.assertEqual(self.judge_all(PUBLIC), 42)

    def test_builtin_sweeps(self):
        """Cells and trials of each sweep that travels inside plasactl."""
        sizes = {"demo": (18, 18), "exp1": (6, 60), "exp2": (6, 60), "exp3": (18, 180), "exp3-matched": (45, 450), "exp3-mqar": (24, 240),
                 "leak": (24, 24), "leak-audit": (48, 144), "long-context": (9, 72), "mqar": (3, 24), "plasa-benchmark": (7, 70),
                 "quick": (4, 4)}
        self.assertEqual({path.stem for path in (HERE.parent.parent / "sweeps").glob("*.yaml")}, set(sizes))
        for name, size in sizes.items():
            with self.subTest(name):
                plan = self.planned(name)
                self.assertEqual((len(plan["cells"]), plan["trials"], plan["refusal"]), (*size, None))
                self.assertEqual(self.plan(name).returncode, 0)

    def test_each_defect_is_on_alone(self):
        defects = [{key for key, value in cell.items() if key.startswith("ref_") and value not in (False, 0, "lowest")}
                   for cell in self.planned("leak-audit")["cells"] if cell["schedule"] == "uniform_sparse"]
        alone = [next(iter(some)) for some in defects if len(some) == 1]
        self.assertEqual(len(alone), len(set(alone)))
        self.assertEqual(len(alone), 13)
        self.assertEqual(sorted(map(len, defects))[-2:], [6, 7])
        self.assertEqual(sum(not some for some in defects), 1)

    def test_controls_are_cells_of_the_plan(self):
        shown = self.plan("exp3-matched", "-o", "csv").stdout
        self.assertIn("schedule_perm", shown.splitlines()[0])
        self.assertIn("matched_uniform", shown)

    def test_an_unknown_set_of_contrasts_is_refused(self):
        path = self.sweep("method: grid\nparameters: {preset: {value: demo}}\nplasa: {contrasts: exp33}\n")
        self.assertIn("did you mean exp3?", str(self.refused(path)))

    def test_ten_million_cells_are_refused_at_once(self):
        path = self.sweep("method: grid\nparameters: {a: {min: 1, max: 10000}, b: {min: 1, max: 1000}}\n")
        start = time.monotonic()
        error = self.refused(path)
        self.assertLess(time.monotonic() - start, 5)  # counted, not enumerated; generous, machines are busy
        self.assertIn("10000000 cells", error["message"])
        self.assertIn("run_cap", error["hint"])

    def test_errors_name_file_line_and_column(self):
        path = self.sweep("method: grid\nparameters:\n  lr: {valeus: [1]}\n")
        error = self.refused(path)
        self.assertIn(f"{path}:3:8: unknown key valeus in lr", error["message"])
        self.assertIn("did you mean value", error["hint"])

    def test_any_program_can_be_planned_and_remarks_go_to_stderr(self):
        path = self.sweep("program: train.py\ncommand: [python3]\nmethod: grid\nparameters: {width: {values: [1, 2]}}\n")
        result = self.plan(path, "-o", "json")
        self.assertEqual([cell["width"] for cell in json.loads(result.stdout)["cells"]], [1, 2])
        self.assertIn("command", result.stderr)

    def test_what_submit_would_refuse_is_said(self):
        plan = self.planned(self.sweep("method: grid\nparameters: {seq_len: {values: [64, 1]}}\n"))
        self.assertEqual(len(plan["cells"]), 2)
        self.assertIn("seq_len", plan["refusal"])
        self.assertIn("in the cell seq_len=1", plan["refusal"])
        plan = self.planned(self.sweep("method: bayes\nparameters: {lr: {min: 0.1, max: 0.2}}\n"))
        self.assertEqual((plan["cells"], plan["trials"], plan["space"]["lr"]["kind"]), ([], None, "uniform"))
        self.assertIn("searcher", plan["refusal"])

    def test_rungs_of_a_sweep_that_stops_early(self):
        path = self.sweep("method: grid\nparameters: {lr: {values: [0.1, 0.2]}}\nearly_terminate: {type: hyperband, min_iter: 3}\n")
        plan = self.planned(path)
        self.assertEqual((plan["early_terminate"]["rungs"][:4], plan["refusal"]), ([3, 9, 27, 81], None))
        self.assertIn("after 3, 9, 27, 81, 243, ... reports of val/loss one cell in 3 goes on", self.plan(path).stdout)
        path = self.sweep("method: grid\nparameters: {lr: {values: [0.1]}}\nearly_terminate: {type: hyperband, max_iter: 2, s: 2}\n")
        self.assertIn("there is no rung", self.planned(path)["refusal"])
        self.assertIsNone(self.planned("demo")["early_terminate"])

    def test_overrides(self):
        plan = self.planned("demo", "-P", "seq_len=64", "-P", "schedule='uniform_sparse'", "-P", "lr=1e-3,3e-4", "--seeds", "3",
                            "--name", "x")
        self.assertEqual((len(plan["cells"]), plan["trials"], plan["refusal"]), (2, 6, None))
        self.assertIn("-P seq_len", self.refused("demo", "-P", "seq_len")["message"])

    def test_standard_input_and_json(self):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PLASA_")}
        text = json.dumps({"method": "grid", "parameters": {"a": {"values": [1, "\U0001F600"]}}, "plasa": {"seeds": [4, 5]}})
        result = subprocess.run([BIN / "plasactl", "plan", "-", "-o", "json"], input=text, capture_output=True, text=True, env=clean,
                                timeout=60, check=True)
        plan = json.loads(result.stdout)
        self.assertEqual((plan["cells"], plan["trials"]), ([{"a": 1}, {"a": "\U0001F600"}], 4))

    def test_a_path_of_data_starts_at_the_current_directory(self):
        path = self.sweep("method: grid\nparameters: {lr: {value: 0.1}}\nplasa: {data: {path: texts}}\n")
        missing = self.plan(path, "-o", "json", cwd=self.dir.name)
        self.assertEqual(missing.returncode, 3, missing.stdout)
        self.assertIn(str(Path(self.dir.name) / "texts"), json.loads(missing.stdout)["error"]["message"])
        (Path(self.dir.name) / "texts").mkdir()
        (Path(self.dir.name) / "texts" / "one.txt").write_text("some text")
        self.assertEqual(self.plan(path, cwd=self.dir.name).returncode, 0)

    def test_a_tokenizer_starts_at_the_current_directory_too(self):
        path = self.sweep("method: grid\nparameters: {tokenizer: {values: [bytes, t.json]}}\n")
        missing = self.plan(path, "-o", "json", cwd=self.dir.name)
        self.assertEqual(missing.returncode, 3, missing.stdout)
        file = Path(self.dir.name) / "t.json"
        self.assertIn(f"parameters.tokenizer: there is no {file}", json.loads(missing.stdout)["error"]["message"])
        file.write_text("{}")
        found = self.plan(path, "-o", "json", cwd=self.dir.name)
        self.assertEqual([cell["tokenizer"] for cell in json.loads(found.stdout)["cells"]], ["bytes", str(file)])

    def test_a_coordinator_that_is_not_there_is_no_failure(self):
        self.assertIsNone(self.planned("demo", PLASA_STATE=self.dir.name)["existing"])
        self.assertIsNone(self.planned("demo", "--state", self.dir.name)["existing"])

    def test_people_see_a_table(self):
        text = self.plan("demo", "--seeds", "2").stdout
        self.assertIn("18 cells, 2 seeds each, 36 trials", text)
        self.assertIn("In all cells: preset=demo", text)
        self.assertRegex(text, r"(?m)^ *18 +reverse_progressive +1024$")
        many = self.plan(self.sweep("method: grid\nparameters: {a: {min: 1, max: 500}}\nplasa: {trainer: t}\n")).stdout
        self.assertIn("and 450 more", many)


if __name__ == "__main__":
    unittest.main()
