#!/usr/bin/env python3
"""plasactl without a coordinator: what it prints, its exit codes, and its errors."""

import json
import os
import subprocess
import tempfile
import unittest

from harness import BIN


def plasactl(*arguments, **environment):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PLASA_")}
    clean.update({"NO_COLOR": "1"}, **environment)
    return subprocess.run([os.path.join(BIN, "plasactl"), *arguments], capture_output=True, text=True, env=clean,
                          stdin=subprocess.DEVNULL, timeout=60, check=False)


class Offline(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.TemporaryDirectory()
        self.addCleanup(self.dir.cleanup)

    def sweep(self, text):
        path = os.path.join(self.dir.name, "sweep.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def error(self, result, code):
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        error = json.loads(result.stdout)["error"]
        self.assertTrue(error["message"])
        return error

    def test_help_leads_with_examples(self):
        result = plasactl("submit", "--help")
        self.assertEqual(result.returncode, 0)
        self.assertLess(result.stdout.index("Examples:"), result.stdout.index("Usage:"))

    def test_version(self):
        self.assertRegex(json.loads(plasactl("version", "-o", "json").stdout)["version"], r"^\d+\.\d+\.\d+$")

    def test_typo_gets_a_suggestion(self):
        result = plasactl("sumbit", "demo")
        self.assertEqual(result.returncode, 2)
        self.assertIn("did you mean submit?", result.stderr)
        self.assertEqual(result.stdout, "")

    def test_plan_of_the_demo(self):
        plan = json.loads(plasactl("plan", "demo", "-o", "json").stdout)
        self.assertEqual((plan["v"], plan["method"], plan["trials"], len(plan["cells"])), (1, "grid", 18, 18))
        self.assertIsNone(plan["existing"])
        self.assertEqual(plan["metric"], {"name": "val/loss", "goal": "minimize"})
        self.assertEqual({cell["seq_len"] for cell in plan["cells"]}, {64, 256, 1024})

    def test_plan_with_overrides(self):
        plan = json.loads(plasactl("plan", "demo", "-P", "seq_len=64", "-P", "lr=1e-3,3e-4", "--seeds", "3",
                                   "-o", "json").stdout)
        self.assertEqual((plan["trials"], len(plan["cells"])), (36, 12))
        self.assertEqual({cell["lr"] for cell in plan["cells"]}, {1e-3, 3e-4})

    def test_plan_of_an_invalid_file(self):
        self.error(plasactl("plan", self.sweep("method: grid\nparametres: {}\n"), "-o", "json"), 2)
        self.error(plasactl("plan", self.sweep(": : :\n\t- x"), "-o", "json"), 2)
        self.error(plasactl("plan", self.sweep(""), "-o", "json"), 2)

    def test_unknown_sweep_name(self):
        error = self.error(plasactl("plan", "dmeo", "-o", "json"), 3)
        self.assertIn("demo", error["hint"])

    def test_schedule_table(self):
        table = plasactl("schedule", "progressive_sparse", "-L", "128", "--layers", "4").stdout
        self.assertEqual(table, "\n".join([
            "Schedule: progressive_sparse  (n_layers=4, L=128, thirds=documented)",
            "layer         k       k/L     pairs  function",
            "0           128   100.00%   100.00%  Early (local patterns)",
            "1            32    25.00%    43.60%  Middle (feature composition)",
            "2            32    25.00%    43.60%  Middle (feature composition)",
            "3            64    50.00%    74.81%  Late (global context)",
            "total       256    50.00%    65.50%", ""]))

    def test_schedule_errors(self):
        error = self.error(plasactl("schedule", "progresive_sparse", "-o", "json"), 2)
        self.assertIn("progressive_sparse", error["hint"])
        self.error(plasactl("schedule", "progressive_sparse", "-L", "0", "-o", "json"), 2)

    def test_no_coordinator_is_exit_6(self):
        for verb in (["list"], ["show", "last"], ["wait", "last"], ["submit", "demo"], ["worker", "list"], ["dashboard"]):
            error = self.error(plasactl(*verb, "--state", self.dir.name, "-o", "json"), 6)
            self.assertEqual(error["code"], "unavailable")
            self.assertIn("plasactl up", error["hint"])

    def test_wrong_address_is_exit_6(self):
        token = os.path.join(self.dir.name, "token")
        with open(token, "w", encoding="utf-8") as file:
            file.write("abc")
        error = self.error(plasactl("list", "--coordinator", "127.0.0.1:1", "--token-file", token, "-o", "json"), 6)
        self.assertIn("127.0.0.1:1", error["message"])

    def test_unreadable_token_is_exit_4(self):
        self.error(plasactl("list", "--coordinator", "127.0.0.1:1", "--token-file", "/no/such", "-o", "json"), 4)

    def test_completion_is_a_bash_script(self):
        script = plasactl("completion", "bash").stdout
        self.assertEqual(subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode, 0)
        self.assertIn("submit", script)

    def test_errors_for_people_go_to_stderr(self):
        result = plasactl("list", PLASA_STATE=self.dir.name)
        self.assertEqual(result.returncode, 6)
        self.assertEqual(result.stdout, "")
        self.assertIn("plasactl: no coordinator has run in", result.stderr)


if __name__ == "__main__":
    unittest.main()
