"""A network namespace that stands for a second machine, joined to this one by a pair of virtual interfaces. Needs root."""

import os
import shutil
import socket
import subprocess


def own_address():
    """An address of this machine that is not loopback, or None. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = probe.getsockname()[0]
    return None if address.startswith("127.") else address


def ip(*arguments, check=True):
    return subprocess.run(["ip", *arguments], check=check, capture_output=True, text=True, timeout=30)


class SecondHost:
    """`with SecondHost() as host`: host.address is this machine's, host.command(...) runs over there."""

    def __init__(self):
        tag = f"{os.getpid():x}"
        self.name, self.here, self.there = f"plasa-{tag}", f"pl{tag}a", f"pl{tag}b"
        # A /30 of the block for documentation, another one for each process.
        base = (os.getpid() % 64) * 4
        self.address, self.peer = f"198.51.100.{base + 1}", f"198.51.100.{base + 2}"

    @staticmethod
    def why_not():
        """None when a second host can be made here, else the reason."""
        if os.geteuid() != 0:
            return "network namespaces need root"
        if shutil.which("ip") is None:
            return "the program ip is not installed (apt-get install iproute2)"
        probe = f"plasa-probe-{os.getpid()}"
        made = ip("netns", "add", probe, check=False)
        if made.returncode == 0:  # a chroot without /sys makes one and cannot enter it
            made = ip("-n", probe, "link", "set", "lo", "up", check=False)
        ip("netns", "del", probe, check=False)
        return None if made.returncode == 0 else f"this system grants no network namespace: {made.stderr.strip()}"

    def __enter__(self):
        try:
            ip("netns", "add", self.name)
            ip("link", "add", self.here, "type", "veth", "peer", "name", self.there, "netns", self.name)
            ip("addr", "add", f"{self.address}/30", "dev", self.here)
            ip("link", "set", self.here, "up")
            ip("-n", self.name, "addr", "add", f"{self.peer}/30", "dev", self.there)
            ip("-n", self.name, "link", "set", self.there, "up")
            ip("-n", self.name, "link", "set", "lo", "up")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        ip("link", "del", self.here, check=False)
        ip("netns", "del", self.name, check=False)

    def command(self, *words):
        return ["ip", "netns", "exec", self.name, *map(str, words)]
