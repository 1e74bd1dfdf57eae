#!/usr/bin/env python3
"""Bad input of every kind: the right exit code, a sentence with what, where and how to mend, and everybody is alive afterwards."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import BIN, LIMIT_S, Cluster, trainer, wait_until

USAGE, NOT_FOUND, NOT_ALLOWED, CONFLICT, UNAVAILABLE = 2, 3, 4, 5, 6
NOBODY = 65534

DEMO = {"preset": {"value": "demo"}}


def grid(parameters, **plasa):
    return json.dumps({"name": "bad", "method": "grid", "parameters": parameters, "plasa": plasa})


# what: (sweep file, exit code, words of the message and its hint)
BAD_SWEEPS = {
    "unknown key at the top": ("method: grid\nparametres: {}\n", USAGE, ["2:1", "parametres", "did you mean parameters?"]),
    "unknown key under plasa": ("method: grid\nparameters: {x: {value: 1}}\nplasa: {sedes: 3}\n", USAGE, ["3:9", "sedes", "did you mean seeds?"]),
    "malformed YAML": ("method: grid\nparameters: {x: [1,\n", USAGE, ["sweep.yaml:3:1", "not YAML"]),
    "no YAML at all": ("\x01\x02\x03", USAGE, ["sweep.yaml:1:"]),
    "an empty file": ("", USAGE, ["sweep.yaml"]),
    "unknown parameter": (grid({**DEMO, "lrr": {"value": 1}}), USAGE, ["parameters.lrr", "did you mean lr?"]),
    "a number that is none": (grid({**DEMO, "lr": {"value": "fast"}}), USAGE, ["parameters.lr", "number", '"fast"']),
    "unknown schedule": (grid({**DEMO, "schedule": {"value": "uniform_sparce"}}), USAGE, ["did you mean uniform_sparse?"]),
    "ratio above 1": (grid({**DEMO, "schedule": {"value": "explicit_ratios"}, "schedule_ratios": {"value": [1, 1.5, 0.5, 1, 1, 1]}}),
                      USAGE, ["schedule_ratios", "(0, 1]", "1.5"]),
    "ratio 0": (grid({**DEMO, "schedule": {"value": "explicit_ratios"}, "schedule_ratios": {"value": [1, 0, 0.5, 1, 1, 1]}}),
                USAGE, ["schedule_ratios", "(0, 1]", "not 0"]),
    "heads that do not divide": (grid({**DEMO, "n_heads": {"value": 7}}), USAGE, ["n_heads", "d_model 64", "divisor"]),
    "a sequence of one token": (grid({**DEMO, "seq_len": {"values": [1, 64]}}), USAGE, ["seq_len", "2..", "seq_len=1"]),
    "ten million cells": (grid({"a": {"min": 1, "max": 10000}, "b": {"min": 1, "max": 1000}}, trainer="steps"),
                          USAGE, ["10000000 cells", "at most 100000", "split it"]),
    "missing corpus path": (grid(DEMO, data={"path": "/no/such/corpus"}), NOT_FOUND, ["plasa.data.path", "/no/such/corpus"]),
    "unknown corpus": (grid(DEMO, data={"corpus": "nosuch"}), USAGE, ["plasa.data.corpus", "kjv"]),
}


def run(*command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=LIMIT_S, check=False, **options)


class BadSweeps(unittest.TestCase):
    def test_each_is_refused_with_a_sentence(self):
        with Cluster(slots=1, trainers={"noop": trainer("noop.sh")}) as cluster:
            path = Path(cluster.temp.name) / "sweep.yaml"
            for what, (text, code, words) in BAD_SWEEPS.items():
                with self.subTest(what):
                    path.write_text(text)
                    answer = cluster.ctl("submit", path, "-o", "json", check=code)
                    error = json.loads(answer.stdout)["error"]
                    said = f"{error['message']} {error.get('hint', '')}"
                    for word in words:
                        self.assertIn(word, said)
            self.assertEqual(json.loads(cluster.ctl("list", "-o", "json").stdout)["sweeps"], [])
            cluster.wait(cluster.submit({"method": "grid", "parameters": {"x": {"value": 1}}, "plasa": {"trainer": "noop"}}))
            self.assertTrue(cluster.worker.running())

    def test_unknown_trainer_waits_and_says_so(self):
        with Cluster(slots=1, trainers={"noop": trainer("noop.sh")}) as cluster:
            wait_until(lambda: '"online"' in cluster.ctl("worker", "list", "-o", "json").stdout, "the worker")
            sweep = cluster.submit({"method": "grid", "parameters": {"x": {"value": 1}}, "plasa": {"trainer": "nosuch"}})
            trial = cluster.trials(sweep)[0]
            self.assertEqual(trial["state"], "queued")
            self.assertIn("nosuch", trial["explain"])
            self.assertIn("nosuch", cluster.ctl("explain", trial["id"]).stdout)
            cluster.ctl("cancel", sweep)


class BadAddresses(unittest.TestCase):
    def test_tokens_and_addresses(self):
        with Cluster(worker=False) as cluster:
            wrong = Path(cluster.temp.name) / "wrong.token"
            wrong.write_text("not-a-token\n")
            two_lines = Path(cluster.temp.name) / "two.token"
            two_lines.write_text("two\nlines\n")
            right, grpc = cluster.state / "tokens" / "admin", cluster.endpoints["grpc"]
            for code, words, arguments in (
                    (NOT_ALLOWED, ["/no/such", "--token-file"], ["--token-file", "/no/such"]),
                    (NOT_ALLOWED, ["unknown", "--token-file"], ["--coordinator", grpc, "--token-file", wrong]),
                    (NOT_ALLOWED, ["holds no token", "--token-file"], ["--coordinator", grpc, "--token-file", two_lines]),
                    (NOT_ALLOWED, ["needs a token", "--token-file"], ["--coordinator", grpc]),
                    (UNAVAILABLE, ["127.0.0.1:1", "plasactl up"], ["--coordinator", "127.0.0.1:1", "--token-file", right]),
                    (UNAVAILABLE, ["nosuch.invalid", "plasactl up"], ["--coordinator", "nosuch.invalid:7312", "--token-file", right])):
                with self.subTest(arguments):
                    said = cluster.ctl("list", *arguments, check=code).stderr
                    for word in words:
                        self.assertIn(word, said)
            cluster.ctl("list")

    def test_a_port_in_use(self):
        with tempfile.TemporaryDirectory() as directory, socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            for command in ([BIN / "plasa-coordinator", "--state", directory, "--listen", f"127.0.0.1:{port}:0"],
                            [BIN / "plasa-coordinator", "--state", directory, "--listen", f"127.0.0.1:0:{port}"],
                            [BIN / "plasactl", "up", "--state", directory, "--listen", f"127.0.0.1:{port}:0"]):
                with self.subTest(command):
                    done = run(*command)
                    self.assertEqual(done.returncode, UNAVAILABLE, done.stderr)
                    for word in (f"127.0.0.1:{port}", "in use", "--listen"):
                        self.assertIn(word, done.stderr)

    def test_the_workers_token_file(self):
        with tempfile.TemporaryDirectory() as directory:
            done = run(BIN / "plasa-worker", "--state", directory, "--coordinator", "127.0.0.1:1", "--token-file", "/no/such")
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("/no/such", done.stderr)
            self.assertIn("plasactl worker token", done.stderr)


class BadState(unittest.TestCase):
    def test_a_second_coordinator(self):
        with Cluster(worker=False) as cluster:
            done = run(BIN / "plasa-coordinator", "--state", cluster.state, "--listen", "127.0.0.1:0:0")
            self.assertEqual(done.returncode, CONFLICT, done.stderr)
            self.assertIn(str(cluster.state), done.stderr)
            self.assertIn("stop it first", done.stderr)
            cluster.ctl("list")

    def test_a_directory_that_cannot_be_written(self):
        with tempfile.TemporaryDirectory() as directory:
            state = Path(directory) / "state"
            state.mkdir(mode=0o555)
            options = {}
            if os.geteuid() == 0:  # root may write everywhere
                os.chmod(directory, 0o755)
                options = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            programs = Path(directory) / "bin"  # where anybody may run them, wherever the build is
            programs.mkdir(mode=0o755)
            for name in ("plasa-coordinator", "plasactl"):
                shutil.copy(BIN / name, programs)
            for target in (state, state / "below"):
                for command in (["plasa-coordinator", "--listen", "127.0.0.1:0:0"], ["plasactl", "up", "--listen", "127.0.0.1:0"]):
                    with self.subTest(command=command[0], target=target):
                        done = run(programs / command[0], *command[1:], "--state", target, **options)
                        self.assertEqual(done.returncode, NOT_ALLOWED, done.stderr)
                        for word in (str(target), "Permission denied", "--state"):
                            self.assertIn(word, done.stderr)

    def test_a_database_of_a_newer_plasa(self):
        with Cluster(worker=False) as cluster:
            cluster.coordinator.stop()
            file = cluster.state / "plasa.db"
            with sqlite3.connect(file) as database:
                ours = database.execute("PRAGMA user_version").fetchone()[0]
                database.execute("PRAGMA user_version = 99")
            done = run(BIN / "plasa-coordinator", "--state", cluster.state, "--listen", "127.0.0.1:0:0")
            self.assertEqual(done.returncode, CONFLICT, done.stderr)
            for word in (str(file), "schema 99", "newer version"):
                self.assertIn(word, done.stderr)
            with sqlite3.connect(file) as database:
                self.assertEqual(database.execute("PRAGMA user_version").fetchone(), (99,))
                database.execute(f"PRAGMA user_version = {ours}")
            cluster.start_coordinator()
            cluster.ctl("list")

    def test_a_file_that_is_no_database(self):
        with tempfile.TemporaryDirectory() as directory:
            file = Path(directory) / "plasa.db"
            file.write_bytes(b"this is not a database, and somebody may want it back" * 100)
            done = run(BIN / "plasa-coordinator", "--state", directory, "--listen", "127.0.0.1:0:0")
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(str(file), done.stderr)
            self.assertIn(b"want it back", file.read_bytes())


if __name__ == "__main__":
    unittest.main(verbosity=2)
