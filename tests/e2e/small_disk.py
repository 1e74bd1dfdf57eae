"""A file system of a test's own that can be filled: a small tmpfs, which root alone can mount. Standard library only."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path


def skip_unless_root():
    """Ends the program as skipped where no disk of its own can be mounted."""
    if os.geteuid() != 0:
        print("SKIPPED: a small disk of its own needs root (mount), so nothing was checked here")
        sys.exit(77)


class SmallDisk:
    """A tmpfs of some megabytes under `path`; unmounted when it goes."""

    def __init__(self, megabytes=24):
        self.megabytes = megabytes

    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix="plasa-disk-"))
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self.megabytes}m,mode=0700", "tmpfs", self.path], check=True)
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "--lazy", self.path], check=False)
        self.path.rmdir()

    def fill(self):
        """Takes all room that is left."""
        with open(self.path / "ballast", "ab", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(bytes(4096))
            except OSError:
                pass

    def room(self):
        """Bytes that can still be written."""
        disk = os.statvfs(self.path)
        return disk.f_bavail * disk.f_frsize

    def squeeze(self, leave):
        """Takes what room there is beyond `leave` bytes, and never the last of it."""
        with open(self.path / "ballast", "ab", buffering=0) as ballast:
            while self.room() > leave + 4096:
                ballast.write(bytes(4096))

    def free(self):
        os.unlink(self.path / "ballast")
