"""The end of NOTIFY_SOCKET that systemd holds, and stopping one thread of a process. Standard library only."""

import ctypes
import os
import socket
import threading
from contextlib import contextmanager
from pathlib import Path

from harness import wait_until

PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_DETACH = 0x4206, 0x4207, 17
WAIT_ANY_KIND = 0x40000000  # __WALL: a thread that is no child of ours
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


class ServiceManager:
    """Hears what daemons say; `environment` makes them say it."""

    def __init__(self, directory, watchdog_us):
        self.path = str(Path(directory) / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.environment = {"NOTIFY_SOCKET": self.path, "WATCHDOG_USEC": str(watchdog_us)}
        self.heard = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            self.heard.append(self.socket.recv(4096).decode())

    def count(self, message):
        return self.heard.count(message)

    def expect(self, message, more=1):
        """Waits until `message` came `more` times from now on."""
        target = self.count(message) + more
        wait_until(lambda: self.count(message) >= target, f"{more} times {message}")

    def settle(self):
        """Everything that was sent before this call is in `heard` after it."""
        mark = f"MARK={os.urandom(8).hex()}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as own:
            own.sendto(mark.encode(), self.path)
        wait_until(lambda: mark in self.heard, "our own word")


def _ptrace(request, thread):
    if LIBC.ptrace(request, thread, None, None) != 0:
        raise OSError(ctypes.get_errno(), "ptrace")


def thread_named(pid, name):
    for task in Path(f"/proc/{pid}/task").iterdir():
        if (task / "comm").read_text().strip() == name:
            return int(task.name)
    raise AssertionError(f"process {pid} has no thread {name}")


@contextmanager
def stopped_thread(pid, name):
    """One thread of a process stands still while the others run. PermissionError where this may not be done."""
    thread = thread_named(pid, name)
    _ptrace(PTRACE_SEIZE, thread)
    _ptrace(PTRACE_INTERRUPT, thread)
    os.waitpid(thread, WAIT_ANY_KIND)
    try:
        yield
    finally:
        _ptrace(PTRACE_DETACH, thread)
