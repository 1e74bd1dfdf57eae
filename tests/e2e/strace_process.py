"""System calls of a running process that fail on purpose, through strace. Standard library only."""

import subprocess
import sys
import tempfile
from pathlib import Path

from harness import wait_until


def skip_unless_traceable():
    """Ends the program as skipped where strace is missing or processes may not be traced."""
    try:
        tried = subprocess.run(["strace", "-o", "/dev/null", "-e", "inject=fsync:error=EIO", "true"], capture_output=True, text=True)
        why = tried.stderr.strip() if tried.returncode else None
    except FileNotFoundError:
        why = "strace is not installed"
    if why:
        print(f"SKIPPED: errors of system calls cannot be injected here ({why}), so nothing was checked")
        sys.exit(77)


def traced(pid):
    """True once each thread of a process has its tracer."""
    tasks = list(Path(f"/proc/{pid}/task").glob("*/status"))
    return tasks and all("TracerPid:\t0\n" not in task.read_text() for task in tasks)


class Injection:
    """From here to the end of the block `calls` (fsync,rename) of a process and its threads end with `error`. `when` is strace's: "2+" from
    the second on, "1..3" the first three, counted in each thread. `path`: only calls on this file."""

    def __init__(self, pid, calls, error, when="1+", path=None):
        self.pid = pid
        self.log = tempfile.NamedTemporaryFile(prefix="plasa-strace-", mode="r")
        self.command = ["strace", "-f", "-p", str(pid), "-o", self.log.name, "-e", f"trace={calls}",
                        "-e", f"inject={calls}:error={error}:when={when}", *(["-P", str(path)] if path else [])]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: traced(self.pid), "strace to attach")
        return self

    def count(self):
        """Calls that failed on purpose so far."""
        return Path(self.log.name).read_text().count("(INJECTED)")

    def __exit__(self, *_):
        """The process goes on untraced."""
        self.process.terminate()
        self.process.wait()
        self.log.close()
