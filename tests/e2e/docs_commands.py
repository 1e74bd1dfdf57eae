#!/usr/bin/env python3
"""Every command that README.md and docs/ show in an `sh` block runs, in the order of the page, and succeeds.

Blocks without a language hold what a test cannot run (installing, a foreground service, a second machine)."""

import os
import re
import subprocess
import unittest
from pathlib import Path

from harness import BIN, Cluster, trainer

ROOT = Path(__file__).resolve().parent.parent.parent


def sh_blocks(page):
    return re.findall(r"^```sh\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)


def pages():
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


class DocsCommands(unittest.TestCase):
    def run_page(self, page, cluster, directory):
        environment = dict(os.environ, PATH=f"{BIN}:{os.environ['PATH']}", PLASA_STATE=str(cluster.state), NO_COLOR="1")
        for block in sh_blocks(page):
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=directory, env=environment, stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=500, check=False)
            self.assertEqual(done.returncode, 0, f"{page.name}:\n{block}\n{done.stdout}{done.stderr}")

    def test_readme_has_commands(self):
        self.assertTrue(sh_blocks(ROOT / "README.md"))

    def test_all_pages(self):
        with Cluster(slots=2, trainers={"steps": trainer("steps.py")}) as cluster:
            for page in pages():
                with self.subTest(page=page.name):
                    directory = Path(cluster.temp.name) / page.stem
                    directory.mkdir()
                    self.run_page(page, cluster, directory)


if __name__ == "__main__":
    unittest.main(verbosity=2)
