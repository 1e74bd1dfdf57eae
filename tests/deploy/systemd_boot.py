#!/usr/bin/env python3
"""The two units under a real systemd, booted in namespaces of its own: hardening breaks nothing, no stop ends a trainer."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from shipped import DEPLOY, ROOT, SKIPPED

from harness import BIN

HERE = Path(__file__).resolve().parent
WORKER_ENV = "PLASA_TOKEN_FILE=/var/lib/plasa/tokens/worker\nPLASA_WORKER_OPTIONS=--slots 1 --trainer steps=/usr/bin/steps.py\n"
REAL = "method: grid\nparameters: {preset: {value: demo}, seq_len: {value: 64}, steps: {value: 3}}\nplasa: {data: {task: markov}}\n"


def cgroup_root():
    """Where the second version of control groups is mounted, or None."""
    for line in Path("/proc/mounts").read_text().splitlines():
        _, place, kind, *_ = line.split()
        if kind == "cgroup2" and os.access(place, os.W_OK):
            return Path(place)
    return None


def why_not():
    if os.geteuid() != 0:
        return "booting systemd in namespaces needs root"
    if not Path("/lib/systemd/systemd").exists():
        return "systemd is not installed (apt-get install systemd)"
    if cgroup_root() is None:
        return "no writable cgroup2 file system here"
    probe = subprocess.run(["unshare", "--mount", "--pid", "--fork", "--net", "--cgroup", "true"], check=False, capture_output=True)
    return None if probe.returncode == 0 else "this system grants no namespaces"


def fill(share):
    (share / "bin").mkdir()
    (share / "units").mkdir()
    for program in ("plasa-coordinator", "plasa-worker", "plasa-shim", "plasa-trainer", "plasactl"):
        shutil.copy(BIN / program, share / "bin")
    shutil.copy(ROOT / "tests" / "e2e" / "trainers" / "steps.py", share / "bin")
    for file in (DEPLOY / "systemd").iterdir():
        shutil.copy(file, share / "units")
    (share / "units" / "worker.env").write_text(WORKER_ENV)
    (share / "real.yaml").write_text(REAL)
    shutil.copy(HERE / "boot_check.sh", share / "check.sh")


def boot(directory, share):
    """Boots and waits for the end, in a control group of its own, so that this machine's are out of reach."""
    group = cgroup_root() / f"plasa-boot-{os.getpid()}"
    group.mkdir()
    enter = f"echo $$ > {group}/cgroup.procs && exec unshare --mount --pid --fork --uts --ipc --net --cgroup bash {HERE}/boot_root.sh {directory} {share}"
    try:
        return subprocess.run(["bash", "-c", enter], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=280, check=False)
    finally:
        for below in sorted(group.glob("**/"), reverse=True):
            below.rmdir()


class SystemdBoot(unittest.TestCase):
    def test_services(self):
        with tempfile.TemporaryDirectory(prefix="plasa-boot-") as temporary:
            directory, share = Path(temporary) / "boot", Path(temporary) / "share"
            directory.mkdir()
            share.mkdir()
            fill(share)
            done = boot(directory, share)
            log = (share / "log").read_text() if (share / "log").exists() else done.stdout + done.stderr
            answers = dict(line.split("=", 1) for line in (share / "answers").read_text().splitlines()) if (share / "answers").exists() else {}
            self.assertEqual({key: value.strip() for key, value in answers.items()}, {
                "coordinator": "active", "modes": "700 600 600", "stopped": "inactive", "trainer_after_stop": "yes",
                "trainer_after_restart": "yes", "trainer_after_kill": "yes", "trainer_after_coordinator_kill": "yes", "coordinator_missed": "yes", "worker_missed": "yes", "trainer_after_watchdog": "yes",
                "waited": "0", "trial": "succeeded 1 1000", "real_trainer": "0", "results": "successsuccess"}, log[-6000:])


if __name__ == "__main__":
    REASON = why_not()
    if REASON:
        print(f"SKIPPED: the services were not booted: {REASON}")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
