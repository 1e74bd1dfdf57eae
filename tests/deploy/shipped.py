"""Where the shipped files are, and skipping a whole test file loudly."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

SKIPPED = 77  # ctest's SKIP_RETURN_CODE


def need(program, package):
    """Ends the test as skipped, with the reason, when a program is missing."""
    if shutil.which(program) is None:
        print(f"SKIPPED: {program} is not installed, so nothing was checked here (apt-get install {package})")
        sys.exit(SKIPPED)


def output_of(*command, cwd=None):
    """(exit code, all output) of a command."""
    done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


def options_of(program):
    """The long options that a program's --help names."""
    from harness import BIN
    code, text = output_of(BIN / program, "--help")
    assert code == 0, text
    return {word.rstrip(",") for word in text.split() if word.startswith("--")}
