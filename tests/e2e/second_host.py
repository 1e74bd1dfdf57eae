"""A network namespace that stands for a second machine, joined to this one by a pair of virtual interfaces. Needs root."""

import json
import os
import shutil
import socket
import subprocess
from pathlib import Path

from harness import BIN, Cluster, Daemon, trainer

NOBODY = "02:00:00:00:00:01"  # a hardware address that no interface has


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
    """`with SecondHost() as host`: host.address is this machine's, host.command(...) runs over there. What else its methods do
    lasts until it is undone; the namespace takes all with it."""

    def __init__(self):
        tag = f"{os.getpid():x}"
        self.name, self.here, self.there = f"plasa-{tag}", f"pl{tag}a", f"pl{tag}b"
        # A /29 of the block for documentation, another one for each process.
        base = (os.getpid() % 32) * 8
        self.address, self.peer, self.other_peer = (f"198.51.100.{base + place}" for place in (1, 2, 3))

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
            ip("addr", "add", f"{self.address}/29", "dev", self.here)
            ip("link", "set", self.here, "up")
            ip("-n", self.name, "addr", "add", f"{self.peer}/29", "dev", self.there)
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

    def links(self, state):
        """Pulls the cable ("down") or puts it back ("up")."""
        ip("link", "set", self.here, state)

    def lose(self, direction, lost=True):
        """Packets "to" the second host, or "from" it, are lost without a word; those of the other direction arrive."""
        there = () if direction == "to" else ("-n", self.name)
        goal, device = (self.peer, self.here) if direction == "to" else (self.address, self.there)
        if lost:
            ip(*there, "neigh", "replace", goal, "lladdr", NOBODY, "dev", device, "nud", "permanent")
        else:
            ip(*there, "neigh", "del", goal, "dev", device)

    def move(self):
        """The second host gives up its address and takes another one."""
        ip("-n", self.name, "addr", "del", f"{self.peer}/29", "dev", self.there)
        ip("-n", self.name, "addr", "add", f"{self.other_peer}/29", "dev", self.there)

    def narrow(self, bytes_):
        """From now on longer packets of the second host are dropped on their way, and nobody tells it. At least 296: Linux
        asks a peer for segments of 256 bytes even where they do not fit."""
        ip("-n", self.name, "link", "set", self.there, "gso_max_segs", "1")  # one packet at a time, as on a real wire
        ip("link", "set", self.here, "mtu", str(bytes_))

    def dropped(self):
        """Packets of the second host that were dropped on their way."""
        shown = json.loads(ip("-n", self.name, "-json", "-stats", "link", "show", self.there).stdout)
        return shown[0]["stats64"]["tx"]["dropped"]


def cluster_that_listens_to(host):
    """A coordinator that serves at host.address, with a worker beside it."""
    cluster = Cluster(slots=1, trainers={"steps": trainer("steps.py")})
    cluster.coordinator.arguments[-1:] = [f"{host.address}:0:0", "--insecure-network"]
    return cluster


def start_far_worker(cluster, host, slots=1):
    """A worker over there, called "far", with a state directory and a token of its own."""
    state = Path(cluster.temp.name) / "far"
    token = Path(cluster.temp.name) / "worker.token"
    token.write_text(cluster.ctl("worker", "token", "--label", "far", "-q").stdout)
    token.chmod(0o600)
    worker = Daemon(host.command(BIN / "plasa-worker", "--state", state, "--coordinator", cluster.endpoints["grpc"],
                                 "--token-file", token, "--slots", slots, "--name", "far",
                                 "--trainer", f"steps={trainer('steps.py')}"), state / "logs" / "worker.log")
    worker.state = state
    cluster.workers.append(worker.start())
    return worker


def skip_without_second_host():
    """Ends a test program, with the word that it was skipped, where no second host can be made."""
    reason = SecondHost.why_not()
    if reason:
        print(f"SKIPPED: no second host can be made, so nothing was checked here: {reason}")
        raise SystemExit(77)
