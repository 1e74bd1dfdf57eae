#!/usr/bin/env python3
"""Clients that only take up room or speak nonsense: the coordinator serves on, and no worker is taken for lost meanwhile."""

import http.client
import os
import random
import resource
import socket
import unittest
from contextlib import ExitStack, contextmanager

from harness import Cluster, steps_sweep, trainer, wait_until
from prometheus_process import get

FEW_DESCRIPTORS = 160
IDLE_SOCKETS = 2000
LEASE = "5s"  # a worker that cannot renew for so long loses its trials


def address_of(url):
    host, port = url.removeprefix("http://").rstrip("/").rsplit(":", 1)
    return host, int(port)


def connect(address):
    """A socket, or None when it is turned away at once."""
    try:
        return socket.create_connection(address, timeout=5)
    except OSError:
        return None


@contextmanager
def idle_sockets(address, count):
    with ExitStack() as stack:
        yield [stack.enter_context(s) for s in (connect(address) for _ in range(count)) if s]


def closed_by_peer(open_socket):
    open_socket.settimeout(60)
    try:
        while open_socket.recv(4096):
            pass
        return True
    except ConnectionError:
        return True
    except socket.timeout:
        return False


class ListenersUnderAttack(unittest.TestCase):
    @contextmanager
    def training(self, few_descriptors=False):
        """A cluster with one trial that runs until its worker is asked to leave."""
        with Cluster(slots=1, trainers={"steps": trainer("steps.py")}, worker=False) as cluster:
            if few_descriptors:
                cluster.coordinator.stop()
                cluster.coordinator.arguments = ["prlimit", f"--nofile={FEW_DESCRIPTORS}", *cluster.coordinator.arguments]
                cluster.start_coordinator()
            cluster.add_worker(cluster.state, 1)
            spec = steps_sweep(steps=100_000, step_ms=20)
            spec["plasa"]["lost_after"] = LEASE
            sweep = cluster.submit(spec)
            wait_until(lambda: cluster.trials(sweep)[0]["step"] > 5, "the first steps")
            yield cluster, sweep
            self.judge_undisturbed(cluster, sweep)

    def judge_undisturbed(self, cluster, sweep):
        """The same attempt still runs, reports, and its worker is there."""
        trial = cluster.trials(sweep)[0]
        wait_until(lambda: cluster.trials(sweep)[0]["step"] > trial["step"] + 5, "more steps")
        trial = cluster.trials(sweep)[0]
        self.assertEqual((trial["state"], len(trial["attempts"])), ("running", 1))
        self.assertIn("online", cluster.ctl("worker", "list").stdout)
        log = cluster.coordinator.log.read_text()
        self.assertEqual(log.count("worker registered"), 1, log)

    def steps_go_on(self, cluster, sweep, more=150):
        """Longer than a lease: steps of 20 ms are seen to be reported through all of it."""
        events = cluster.attempts()[0] / "events.jsonl"
        lines = lambda: events.read_text().count("\n")
        target = lines() + more
        wait_until(lambda: lines() >= target, "the trainer to go on")

    def test_no_descriptor_left(self):
        with self.training(few_descriptors=True) as (cluster, sweep):
            for side in ("grpc", "http"):
                address = address_of(cluster.endpoints[side])
                with self.subTest(side=side), idle_sockets(address, 2 * FEW_DESCRIPTORS):
                    self.steps_go_on(cluster, sweep, more=300)
                wait_until(lambda: cluster.ctl("list", check=None).returncode == 0, f"{side} to serve again")
            self.assertIn("out of descriptors", cluster.coordinator.log.read_text())

    def test_idle_sockets(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < 2 * IDLE_SOCKETS:
            self.skipTest(f"this test needs {2 * IDLE_SOCKETS} descriptors and may have {hard}")
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2 * IDLE_SOCKETS), hard))
        with self.training() as (cluster, sweep), idle_sockets(address_of(cluster.endpoints["grpc"]), IDLE_SOCKETS) as held:
            self.assertGreater(len(held), IDLE_SOCKETS // 2)
            self.steps_go_on(cluster, sweep, more=300)
            cluster.ctl("list")
            self.assertEqual(get(cluster.endpoints["http"] + "/healthz")[0], 200)
            self.assertTrue(closed_by_peer(held[0]), "a connection that says nothing is closed")

    def test_nonsense(self):
        noise = random.Random(7)
        preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
        giant = preface + (2**24 - 1).to_bytes(3, "big") + b"\x00\x00\x00\x00\x00\x01"
        pieces = [b"GET / HTTP/1.1\r\n\r\n", preface, giant, b"\x00" * 100_000, preface + noise.randbytes(5000), noise.randbytes(100_000)]
        with self.training() as (cluster, sweep):
            for side in ("grpc", "http"):
                for piece in pieces * 20:
                    client = connect(address_of(cluster.endpoints[side]))
                    if client is None:
                        continue
                    with client:
                        try:
                            client.sendall(piece)
                        except OSError:
                            pass  # it had heard enough
            cluster.ctl("list")
            self.assertEqual(get(cluster.endpoints["http"] + "/healthz")[0], 200)

    def log_in(self, cluster):
        """The dashboard's cookie."""
        link = cluster.ctl("dashboard", "-q").stdout.strip()
        connection = http.client.HTTPConnection(*address_of(cluster.endpoints["http"]))
        connection.request("GET", link[link.index("/login"):])
        return connection.getresponse().getheader("Set-Cookie").split(";")[0]

    def test_streams_that_nobody_reads(self):
        with self.training() as (cluster, sweep):
            host, port = address_of(cluster.endpoints["http"])
            request = f"GET /api/v1/stream HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {self.log_in(cluster)}\r\n\r\n".encode()
            with ExitStack() as stack:
                streams = []
                for client in filter(None, (connect((host, port)) for _ in range(250))):
                    streams.append(stack.enter_context(client))
                    client.sendall(request)
                self.assertIn(b" 200 ", streams[0].recv(64))
                self.steps_go_on(cluster, sweep)
                cluster.ctl("list")


if __name__ == "__main__":
    os.environ.setdefault("NO_COLOR", "1")
    unittest.main(verbosity=2)
