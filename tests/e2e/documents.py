#!/usr/bin/env python3
"""What the documents tell people to type exists: programs, verbs, options, and the pages they link to."""

import re
import subprocess
import unittest

from harness import BIN, HERE

ROOT = HERE.parent.parent
PAGES = [ROOT / "README.md", ROOT / "deploy" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
NESTED = {"worker"}  # verbs of two words


def help_of(program, *verb):
    done = subprocess.run([BIN / program, *verb, "--help"], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout if done.returncode == 0 else None


def shell_lines(text):
    """Lines of the code blocks that are for a shell."""
    for language, block in re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        if language in ("", "sh"):
            yield from block.splitlines()


def calls(text):
    """(program, words) of each call of ours in a shell line or in `back quotes`."""
    places = [*shell_lines(text), *re.findall(r"`((?:plasactl|plasa-coordinator|plasa-worker) [^`]*)`", text)]
    for place in places:
        for call in re.split(r"\||&&?|;|>", place.split(" #")[0]):
            found = re.search(r"(?:^|\s|/)(plasactl|plasa-coordinator|plasa-worker)((?:\s+\S+)*)\s*$", call)
            if found and not re.search(r"/usr/bin/?$", call.strip()):
                yield found.group(1), found.group(2).split()


def verb_of(words):
    """The verb of a plasactl call: what stands after the options that come first."""
    rest = list(words)
    while rest and rest[0].startswith("-"):
        rest = rest[2:]
    if rest and rest[0] in NESTED and len(rest) > 1:
        return tuple(rest[:2])
    return tuple(rest[:1])


class Documents(unittest.TestCase):
    def test_links_lead_somewhere(self):
        for page in PAGES:
            for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
                if not link.startswith("http"):
                    with self.subTest(page=page.name, link=link):
                        self.assertTrue((page.parent / link).exists())

    def test_calls_exist(self):
        known, checked = {}, 0
        for page in PAGES:
            for program, words in calls(page.read_text()):
                verb = verb_of(words) if program == "plasactl" else ()
                with self.subTest(page=page.name, call=" ".join([program, *words])):
                    if (program, verb) not in known:
                        known[program, verb] = help_of(program, *verb)
                    self.assertIsNotNone(known[program, verb], "no such verb")
                    for option in (word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)):
                        self.assertRegex(known[program, verb], rf"(?<![\w-]){re.escape(option)}\b")
                    checked += 1
        self.assertGreater(checked, 20)


if __name__ == "__main__":
    unittest.main(verbosity=2)
