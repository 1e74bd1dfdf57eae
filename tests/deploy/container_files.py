#!/usr/bin/env python3
"""The container files: what they copy is what ./dev builds, their options exist, and PID 1's meaning is said."""

import json
import re
import unittest

from shipped import DEPLOY, ROOT, options_of

from harness import BIN


def text_of(name):
    return (DEPLOY / "container" / f"Containerfile.{name}").read_text()


class ContainerFiles(unittest.TestCase):
    def test_programs_are_built(self):
        for name in ("coordinator", "worker"):
            copied = re.findall(r"/src/build/release/bin/([\w-]+)", text_of(name))
            self.assertIn(f"plasa-{name}", copied)
            for program in copied:
                self.assertTrue((BIN / program).exists(), program)

    def test_build_commands_exist(self):
        usage = (ROOT / "dev").read_text()
        for name in ("coordinator", "worker"):
            for command in re.findall(r"\./dev (\w+)", text_of(name)):
                self.assertIn(f"  {command}) ", usage)

    def test_entry_options_exist(self):
        for name in ("coordinator", "worker"):
            words = json.loads(re.search(r"^ENTRYPOINT (.*)$", text_of(name), re.MULTILINE).group(1))
            used = set(re.findall(r"--[a-z-]+(?= HOST| /run| 2)", text_of(name))) - {"--time"}
            self.assertLessEqual({word for word in words if word.startswith("--")} | used, options_of(words[0]))

    def test_the_worker_says_what_pid_1_means(self):
        self.assertIn("PID 1 ends everything", text_of("worker"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
