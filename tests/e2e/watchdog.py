#!/usr/bin/env python3
"""What systemd hears: the daemons say when they are ready, that they live, and that they leave; a coordinator of which one part
hangs while the process lives does not say that it lives, names the part, and says it again once the part goes on."""

import os
import signal
import sqlite3
import unittest
from contextlib import contextmanager
from unittest import mock

from harness import Cluster, wait_until
from service_manager import ServiceManager, stopped_thread, thread_named

WATCHDOG_US = 1_600_000  # a probe each 0.8 s, which gives a part 0.6 s: within one try of SQLite, 5 s
FAILED = "the self-probe failed"
ALIVE = "WATCHDOG=1"


class Watchdog(unittest.TestCase):
    @contextmanager
    def watched(self, watchdog_us=WATCHDOG_US):
        """A cluster without worker, whose coordinator speaks to a service manager."""
        with Cluster(slots=1, worker=False) as cluster:
            cluster.coordinator.stop()
            manager = ServiceManager(cluster.temp.name, watchdog_us)
            with mock.patch.dict(os.environ, manager.environment):
                cluster.start_coordinator()
            yield cluster, manager

    def failures(self, cluster):
        return [line for line in cluster.coordinator.log.read_text().splitlines() if FAILED in line]

    def silent_while(self, cluster, manager, part, hang):
        """While the part hangs, probes fail and name it, and nothing says that the coordinator lives; then it does again."""
        manager.expect(ALIVE)
        with hang:
            before = len(self.failures(cluster))
            wait_until(lambda: len(self.failures(cluster)) > before, "a failed probe")
            manager.settle()  # a probe that began before the part hung may have been the last good one
            said, failed = manager.count(ALIVE), len(self.failures(cluster))
            wait_until(lambda: len(self.failures(cluster)) >= failed + 2, "two more failed probes")
            manager.settle()
            self.assertEqual(manager.count(ALIVE), said)
            self.assertTrue(cluster.coordinator.running())
            for line in self.failures(cluster)[failed:]:
                self.assertIn(f"{part}: ", line)
        self.assertTrue(any(word.startswith("STATUS=") and f"{part}: " in word for word in manager.heard))
        manager.expect(ALIVE, 2)

    def test_a_coordinator_says_when_it_serves_lives_and_leaves(self):
        with self.watched() as (cluster, manager):
            manager.expect(ALIVE, 3)
            thread_named(cluster.coordinator.process.pid, "self-probe")
            self.assertEqual(cluster.coordinator.stop(), 0)
            manager.settle()
            words = [word for word in manager.heard if not word.startswith("MARK")]
            self.assertEqual((words[0], words[-1], words.count("READY=1")), ("READY=1", "STOPPING=1", 1))

    def test_a_worker_says_it_from_its_loop(self):
        with Cluster(slots=1, worker=False) as cluster:
            manager = ServiceManager(cluster.temp.name, WATCHDOG_US)
            with mock.patch.dict(os.environ, manager.environment):
                worker = cluster.add_worker(cluster.state, 1)
            wait_until(lambda: manager.count("READY=1") == 1, "the worker to be ready")
            manager.expect(ALIVE, 3)
            worker.stop(signal.SIGHUP)
            manager.settle()
            self.assertEqual((manager.count("READY=1"), manager.count("STOPPING=1")), (1, 1))

    def test_nobody_who_waits_means_no_probe(self):
        with Cluster(slots=1, worker=False) as cluster:
            with self.assertRaises(AssertionError):
                thread_named(cluster.coordinator.process.pid, "self-probe")

    def test_each_part_that_hangs_is_missed(self):
        with self.watched() as (cluster, manager):
            pid = cluster.coordinator.process.pid
            for part, thread in (("core", "core"), ("store", "writer"), ("grpc", "acceptor"), ("http", "http")):
                with self.subTest(part=part):
                    try:
                        self.silent_while(cluster, manager, part, stopped_thread(pid, thread))
                    except PermissionError:
                        self.skipTest("this system does not let a thread be stopped (ptrace)")

    @contextmanager
    def write_lock(self, cluster):
        connection = sqlite3.connect(cluster.state / "plasa.db", isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")
            connection.close()

    def test_a_database_that_is_locked(self):
        with self.watched(watchdog_us=400_000) as (cluster, manager):
            self.silent_while(cluster, manager, "store", self.write_lock(cluster))


if __name__ == "__main__":
    unittest.main(verbosity=2)
