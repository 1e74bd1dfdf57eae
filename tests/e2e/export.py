#!/usr/bin/env python3
"""`export`: all points of a sweep for other programs, each format read back by a reader that is not ours."""

import csv
import io
import json
import random
import sqlite3
import struct
import unittest
from pathlib import Path

from harness import Cluster, steps_sweep, trainer
from tfrecord import scalars

try:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
except ImportError:
    EventAccumulator = None

NASTY = 'a,"b"\n</script>'


def single(value):
    """As the nearest number of single precision."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


class Export(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster(slots=2, trainers={"steps": trainer("steps.py"), "points": trainer("points.py")})
        cls.addClassCleanup(cls.cluster.__exit__, None, None, None)
        cls.cluster.__enter__()
        cls.temp = Path(cls.cluster.temp.name)
        cls.other = cls.cluster.submit(steps_sweep("other", steps=5, step_ms=0))
        spec = steps_sweep("exported", seeds=2, step_ms=0, note=NASTY, seq_len=64)
        spec["parameters"]["schedule"] = {"values": ["one", "two words"]}
        cls.sweep = cls.cluster.submit(spec)
        spec = steps_sweep("reference", steps=3)
        spec["parameters"]["leak"] = {"values": [False, True]}
        cls.reference = cls.cluster.submit({**spec, "plasa": {"trainer": "points", "seeds": 1}})
        cls.cluster.wait(cls.reference)
        cls.cluster.wait(cls.other)
        cls.cluster.wait(cls.sweep)
        cls.trials = cls.cluster.trials(cls.sweep)
        # (trial, name, step) -> text of the value
        cls.points = {(t["id"], row["name"], int(row["step"])): row["value"] for t in cls.trials for row in cls.cluster.metrics(t["id"])}

    def export(self, kind, to, check=0, sweep=None):
        return self.cluster.ctl("export", sweep or self.sweep, "--format", kind, "--to", to, "-o", "json", check=check)

    def test_there_is_something_to_compare(self):
        self.assertEqual(len(self.points), 4 * 60)

    def test_csv(self):
        said = json.loads(self.export("csv", self.temp / "points.csv").stdout)
        self.assertEqual((said["trials"], said["points"]), (4, len(self.points)))
        with open(self.temp / "points.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual({(r["trial"], r["name"], int(r["step"])): r["value"] for r in rows}, self.points)
        self.assertEqual({r["param.note"] for r in rows}, {NASTY})
        self.assertEqual({r["invalid"] for r in rows}, {""})
        self.assertEqual({(r["param.schedule"], r["seed"]) for r in rows}, {(s, k) for s in ("one", "two words") for k in "12"})
        streamed = self.cluster.ctl("export", self.sweep, "--to", "-").stdout
        self.assertEqual(list(csv.DictReader(io.StringIO(streamed, newline=""))), rows)

    def test_jsonl(self):
        self.export("jsonl", self.temp / "points.jsonl")
        rows = [json.loads(line) for line in (self.temp / "points.jsonl").read_text().splitlines()]
        self.assertEqual({(r["trial"], r["name"], r["step"]): r["value"] for r in rows}, {key: float(text) for key, text in self.points.items()})
        self.assertEqual(rows[0]["params"]["note"], NASTY)
        self.assertEqual({r["attempt"] for r in rows}, {1})

    def test_numbers_keep_every_bit(self):
        """From the sweep's file through the trainer and the store, whatever the last digit."""
        numbers = [random.Random(seed).uniform(0.1, 1) * 10.0**exponent for seed, exponent in enumerate(range(-30, 30))]
        spec = {"name": "exact", "method": "grid", "parameters": {"steps": {"value": 1}, "x": {"values": numbers}}, "plasa": {"trainer": "points"}}
        sweep = self.cluster.submit(spec)
        self.cluster.wait(sweep)
        self.export("jsonl", self.temp / "exact.jsonl", sweep=sweep)
        rows = [json.loads(line) for line in (self.temp / "exact.jsonl").read_text().splitlines()]
        told = {row["params"]["x"]: row["value"] for row in rows if row["name"] == "x"}
        self.assertEqual(told, {number: number for number in numbers})

    def test_tfevents(self):
        to = self.temp / "runs"
        self.export("tfevents", to)
        names = {"one": "one", "two words": "two-words"}
        for trial in self.trials:
            run = to / names[trial["params"]["schedule"]] / "seq_64" / f"seed_{trial['seed']}"
            [file] = run.iterdir()
            read = {(trial["id"], tag, step): value for tag, step, value, _ in scalars(file)}
            expected = {key: single(float(text)) for key, text in self.points.items() if key[0] == trial["id"]}
            self.assertEqual(read, expected)
        self.assertEqual(sum(1 for path in to.rglob("*") if path.is_file()), 4)

    @unittest.skipIf(EventAccumulator is None, "TensorBoard is not installed here; tfrecord.py reads the files above")
    def test_tensorboard_opens_them(self):
        to = self.temp / "opened"
        self.export("tfevents", to)
        for run in {path.parent for path in to.rglob("events.out.tfevents.*")}:
            board = EventAccumulator(str(run), size_guidance={"scalars": 0})
            board.Reload()
            self.assertEqual(board.Tags()["scalars"], ["val/loss"])
            self.assertEqual([event.step for event in board.Scalars("val/loss")], list(range(1, 61)))

    def test_sqlite(self):
        to = self.temp / "sweep.db"
        said = json.loads(self.export("sqlite", to).stdout)
        self.assertEqual((said["trials"], said["points"]), (4, len(self.points)))
        with sqlite3.connect(f"file:{to}?mode=ro", uri=True) as database:
            ask = lambda sql: database.execute(sql).fetchall()  # noqa: E731
            self.assertEqual(ask("PRAGMA integrity_check"), [("ok",)])
            self.assertEqual(ask("PRAGMA foreign_key_check"), [])
            self.assertEqual(ask("SELECT id, name FROM sweeps"), [(self.sweep, "exported")])
            self.assertEqual({id for id, in ask("SELECT id FROM trials")}, {t["id"] for t in self.trials})
            self.assertEqual({(t, n, s): v for t, n, s, v in ask("SELECT trial, name, step, value FROM points")}, {key: float(text) for key, text in self.points.items()})
            self.assertEqual(ask("SELECT count(*) FROM attempts"), [(4,)])
            self.assertEqual(ask("SELECT count(*) FROM tokens") + ask("SELECT count(*) FROM requests"), [(0,), (0,)])
        tokens = [path.read_text().strip().encode() for path in (self.cluster.state / "tokens").iterdir()]
        self.assertTrue(tokens)
        self.assertFalse(any(token in to.read_bytes() for token in tokens))
        self.assertNotIn(self.other.encode(), to.read_bytes())

    def test_reference_modes_are_marked_in_every_format(self):
        marks = {t["id"]: "leak;sees the future" if t["params"]["leak"] else "" for t in self.cluster.trials(self.reference)}
        self.assertEqual(len(set(marks.values())), 2)
        self.export("csv", self.temp / "marked.csv", sweep=self.reference)
        with open(self.temp / "marked.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual({(r["trial"], r["invalid"]) for r in rows}, set(marks.items()))
        self.assertEqual(list(rows[0])[-2:], ["time", "invalid"])  # behind what readers know
        self.export("jsonl", self.temp / "marked.jsonl", sweep=self.reference)
        rows = [json.loads(line) for line in (self.temp / "marked.jsonl").read_text().splitlines()]
        self.assertEqual({(r["trial"], r["invalid"]) for r in rows}, set(marks.items()))
        self.export("tfevents", self.temp / "marked", sweep=self.reference)
        runs = {path.name.rsplit(".", 1)[1]: path.relative_to(self.temp / "marked").parts[0] == "INVALID" for path in (self.temp / "marked").rglob("events.out.*")}
        self.assertEqual(runs, {id: bool(mark) for id, mark in marks.items()})

    def test_reference_modes_are_marked_where_trials_are_shown(self):
        shown = self.cluster.ctl("show", self.reference, "-o", "csv").stdout
        self.assertEqual({(r["leak"], r["ADMITTED"]) for r in csv.DictReader(io.StringIO(shown))}, {("false", "yes"), ("true", "INVALID")})
        [trial, _] = [t["id"] for t in self.cluster.trials(self.reference)]
        self.assertEqual(self.cluster.ctl("metrics", trial, "-o", "csv").stdout.splitlines()[0], "attempt,name,step,value")  # a contract

    def test_refusals(self):
        (self.temp / "there").write_text("mine")
        for kind in ("csv", "jsonl", "tfevents", "sqlite"):
            self.export(kind, self.temp / "there", check=5)
            self.cluster.ctl("export", "nothing", "--format", kind, "--to", self.temp / "new", check=3)
            self.assertFalse(list(self.temp.glob("new*")), kind)
        self.assertEqual((self.temp / "there").read_text(), "mine")
        self.export("parquet", self.temp / "new", check=2)
        self.export("tfevents", "-", check=2)
        self.cluster.ctl("export", self.sweep, check=2)
        self.export("csv", self.temp / "no" / "directory" / "points.csv", check=4)


if __name__ == "__main__":
    unittest.main(verbosity=2)
