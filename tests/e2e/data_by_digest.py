#!/usr/bin/env python3
"""Data that a user names at submit reach workers by digest: packed, stored, fetched, checked, kept."""

import json
import random
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import BIN, Cluster, read_json, wait_until

NO_COORDINATOR = 6


def write_texts(folder, seed=1):
    """Some texts a byte model can be trained on; equal seeds give equal bytes."""
    words = random.Random(seed)
    vocabulary = ["".join(words.choices("abcdefghij", k=words.randrange(2, 7))) for _ in range(40)]
    for name in ("one.txt", "more/two.txt", ".hidden"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(" ".join(words.choices(vocabulary, k=60)) for _ in range(150)))
    return folder


def sweep(path, seeds=1, **data):
    return {"name": "texts", "method": "grid", "metric": {"name": "val/loss", "goal": "minimize"},
            "parameters": {"preset": {"value": "demo"}, "steps": {"value": 4}, "eval_every": {"value": 4},
                           "eval_max_targets": {"value": 1024}, "seq_len": {"value": 64}},
            "plasa": {"data": {"path": str(path), **data}, "seeds": seeds}}


class DataByDigest(unittest.TestCase):
    def setUp(self):
        temp = tempfile.TemporaryDirectory(prefix="plasa-data-")
        self.addCleanup(temp.cleanup)
        self.dir = Path(temp.name)

    def submitted(self, cluster, spec, check=0):
        path = self.dir / "sweep.json"
        path.write_text(json.dumps(spec))
        return cluster.ctl("submit", path, "-o", "json", check=check)

    def ended(self, cluster, reply):
        id = json.loads(reply.stdout)["sweep"]
        cluster.wait(id)
        return cluster.trials(id)

    def packages(self, state):
        return [path for path in (Path(state) / "worker" / "data").glob("*") if not path.name.startswith("partial-")]

    def test_a_folder(self):
        texts = write_texts(self.dir / "texts")
        with Cluster(slots=1, worker=False) as cluster:
            reply = self.submitted(cluster, sweep(texts, seeds=2))
            self.assertIn("sent the data: 2 files", reply.stderr)
            shutil.rmtree(texts)  # from here on only the coordinator has them
            cluster.coordinator.kill()
            cluster.start_coordinator()
            for name in ("a", "b"):
                cluster.add_worker(Path(cluster.temp.name) / name, 1)
            first = self.ended(cluster, reply)
            self.assertEqual({trial["state"] for trial in first}, {"succeeded"})
            self.assertEqual(len({attempt["data_digest"] for trial in first for attempt in trial["attempts"]}), 1)
            spec = read_json(cluster.attempts(cluster.workers[0].state)[0] / "spec.json")
            package = Path(spec["data"]["path"]).parent
            self.assertEqual(self.packages(cluster.workers[0].state), [package])
            self.assertEqual(package.name, first[0]["data"]["artifact"])
            self.assertFalse(list(package.glob("files/.hidden")))

            # The same bytes elsewhere are the same trials, and nothing is sent twice.
            again = self.submitted(cluster, sweep(write_texts(self.dir / "elsewhere" / "texts"), seeds=2))
            self.assertNotIn("sent the data", again.stderr)
            self.assertEqual(json.loads(again.stdout)["created"], 0)
            # Other bytes are others.
            other = self.submitted(cluster, sweep(write_texts(self.dir / "other", seed=2), seeds=2))
            self.assertEqual(json.loads(other.stdout)["created"], 2)

    def test_a_file_and_a_damaged_copy(self):
        file = write_texts(self.dir / "texts") / "one.txt"
        with Cluster(slots=1) as cluster:
            first = self.ended(cluster, self.submitted(cluster, sweep(file)))
            copy = self.packages(cluster.state)[0] / "files" / "one.txt"
            copy.write_text(copy.read_text().replace("a", "b"))
            second = self.ended(cluster, self.submitted(cluster, sweep(file, seeds=2)))
            self.assertEqual(copy.read_text(), file.read_text(), "it was fetched again")
            self.assertEqual({attempt["data_digest"] for trial in first + second for attempt in trial["attempts"]},
                             {first[0]["attempts"][0]["data_digest"]})

    def test_an_artifact_is_known_or_refused(self):
        with Cluster(slots=1, worker=False) as cluster:
            unknown = sweep("unused")
            unknown["plasa"]["data"] = {"artifact": "0" * 64}
            refused = self.submitted(cluster, unknown, check=None)
            self.assertNotEqual(refused.returncode, 0)
            for word in ("plasa.data.artifact", "0" * 64, "not stored"):
                self.assertIn(word, refused.stdout + refused.stderr)
            reply = self.submitted(cluster, sweep(write_texts(self.dir / "texts")))
            known = json.loads(cluster.ctl("show", json.loads(reply.stdout)["sweep"], "-o", "json").stdout)["trials"][0]["data"]
            by_digest = sweep("unused", seeds=3)
            by_digest["plasa"]["data"] = known
            self.assertEqual(json.loads(self.submitted(cluster, by_digest).stdout)["created"], 2)

    def test_what_cannot_be_packed_is_refused(self):
        (self.dir / "empty").mkdir()
        with Cluster(slots=1, worker=False) as cluster:
            for path, words in ((self.dir / "empty", ["holds no file"]), (self.dir / "none", ["there is no", "none"])):
                refused = self.submitted(cluster, sweep(path), check=None)
                self.assertNotEqual(refused.returncode, 0)
                for word in ["plasa.data.path", *words]:
                    self.assertIn(word, refused.stdout + refused.stderr)

    def test_a_cut_off_upload_goes_on(self):
        """SIGKILL of the coordinator while it takes a big file: plasactl says so; the next submit sends only the rest."""
        big = self.dir / "big.txt"
        big.write_text("".join(random.Random(3).choices("abcdefgh \n", k=40_000_000)))
        with Cluster(slots=1, worker=False) as cluster:
            path = self.dir / "sweep.json"
            path.write_text(json.dumps(sweep(big)))
            sender = subprocess.Popen([BIN / "plasactl", "--state", cluster.state, "submit", path], stdout=subprocess.DEVNULL,
                                      stderr=subprocess.PIPE, text=True)
            partial = cluster.state / "artifacts" / "partial"
            size = wait_until(lambda: next((f.stat().st_size for f in partial.glob("*") if f.stat().st_size > 4_000_000), 0), "some of it")
            cluster.coordinator.kill()
            _, errors = sender.communicate(timeout=60)
            self.assertEqual(sender.returncode, NO_COORDINATOR, errors)
            cluster.start_coordinator()
            self.assertGreaterEqual(next(partial.glob("*")).stat().st_size, size)
            self.submitted(cluster, sweep(big))
            self.assertEqual(list(partial.glob("*")), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
