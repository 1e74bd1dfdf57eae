"""plasa-trainer on text that goes through a tokenizer.json."""

import hashlib
import json
import math
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import BIN, HERE
from trainer_process import Attempt, resumed

SOTU = HERE.parent / "tokenizer" / "sotu4096-digits.tokenizer.json"
GOLDEN = HERE.parent / "tokenizer" / "golden.jsonl"


class TrainerTokenizer(unittest.TestCase):
    def setUp(self):
        temp = tempfile.TemporaryDirectory()
        self.addCleanup(temp.cleanup)
        self.dir = Path(temp.name)
        self.env = {**os.environ, "XDG_CACHE_HOME": str(self.dir / "cache")}
        texts = [json.loads(line)["text"] for line in GOLDEN.read_text().splitlines()]
        self.texts = self.dir / "texts"
        self.texts.mkdir()
        for i in range(12):
            (self.texts / f"{i:02}.txt").write_text(" ".join(texts[i::12]) * 3, newline="")

    def attempt(self, name, params=None, data=None, tokenizer=SOTU, **members):
        named = {"tokenizer": str(tokenizer)} if tokenizer else {}
        attempt = Attempt(self.dir / name, params={"steps": 4, "eval_every": 2, "eval_max_targets": 100000, **named, **(params or {})},
                          data=data or {"path": str(self.texts)}, **members)
        self.addCleanup(attempt.__exit__)
        return attempt

    def ran(self, *args, **kwargs):
        attempt = self.attempt(*args, **kwargs)
        self.assertEqual(attempt.run(self.env), 0, attempt.output())
        return attempt

    def refused(self, code, words, *args, **kwargs):
        attempt = self.attempt(*args, **kwargs)
        self.assertEqual(attempt.run(self.env), code, attempt.output())
        for word in words:
            self.assertIn(word, attempt.output())

    def tokenize(self, documents, *options):
        lines = "".join(json.dumps(text) + "\n" for text in documents)
        done = subprocess.run([BIN / "plasa-trainer", "tokenize", "--tokenizer", SOTU, *options], input=lines, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def documents(self):
        return [path.read_bytes().decode() for path in sorted(self.texts.iterdir())]

    def test_a_folder_of_text(self):
        run = self.ran("a")
        digest = hashlib.sha256(SOTU.read_bytes()).hexdigest()
        start, record = run.events("start")[0], run.events("result")[0]["record"]
        self.assertEqual(start["tokenizer"], {"name": str(SOTU), "sha256": digest})
        self.assertEqual(record["data"]["tokenizer"], start["tokenizer"])
        self.assertEqual(record["config"]["vocab_size"], 4096)
        self.assertAlmostEqual(run.points()["val/loss", 0], math.log(4096), delta=0.3)
        cached = sorted(p.name for p in (self.dir / "cache" / "plasa").glob("*.bin"))
        self.assertEqual(len(cached), 1)
        self.assertIn(digest, cached[0])
        again = self.ran("b")
        self.assertEqual(again.points(), run.points())
        self.assertEqual(sorted(p.name for p in (self.dir / "cache" / "plasa").glob("*.bin")), cached)

    def test_the_same_tokens_from_a_file_give_the_same_run(self):
        text = self.ran("text")
        self.tokenize(self.documents(), "--to", self.dir / "t.bin")
        named = self.ran("named", data={"path": str(self.dir / "t.bin")})
        unnamed = self.ran("unnamed", data={"path": str(self.dir / "t.bin")}, tokenizer=None, params={"vocab_size": 4096})
        self.assertEqual(named.points(), text.points())
        self.assertEqual(unnamed.points(), text.points())
        bits = [run.events("result")[0]["record"]["bits_per_byte"] for run in (text, named, unnamed)]
        self.assertEqual(bits, [bits[0], bits[0], None])
        self.assertIsNone(unnamed.events("start")[0]["tokenizer"])

    def test_bits_per_byte_counts_the_bytes_of_the_text(self):
        """Two documents whose held-out side is one of them: its targets are all its tokens but the first, and its end."""
        for path in self.texts.iterdir():
            path.unlink()
        for i, word in enumerate(("alpha", "beta")):
            (self.texts / f"{i}.txt").write_text(" ".join(f"{word}{j}" for j in range(400)))
        run = self.ran("a", params={"seq_len": 8})
        record = run.events("result")[0]["record"]
        lengths = {}
        for document in self.documents():
            ids = json.loads(self.tokenize([document]).splitlines()[0])["ids"]
            windows = len(ids) // 8  # with the end of the document there is one token more, and every window needs a next one
            text = self.decoded(ids[1:windows * 8 + 1])
            lengths[windows * 8] = len(text)
        nats = record["val_loss"] * record["eval_targets"]
        self.assertIn(record["eval_targets"], lengths)
        self.assertAlmostEqual(record["bits_per_byte"], nats / math.log(2) / lengths[record["eval_targets"]], places=9)

    def decoded(self, ids):
        """Text of ids whose tokens are printable ASCII or begin with a space."""
        token = {i: t for t, i in json.loads(SOTU.read_text())["model"]["vocab"].items()}
        return "".join(token[i] for i in ids).replace("\u0120", " ")

    def test_goes_on_from_a_checkpoint(self):
        whole = self.ran("whole")
        after = resumed(self.dir / "after", whole, whole.events("checkpoint")[0])
        self.addCleanup(after.__exit__)
        self.assertEqual(after.run(self.env), 0, after.output())
        self.assertEqual(after.events("result")[0]["metrics"], whole.events("result")[0]["metrics"])

    def test_the_audit_verb_reads_the_data_by_it(self):
        spec = self.dir / "spec.json"
        spec.write_text(json.dumps({"v": 1, "params": {"preset": "demo", "tokenizer": "no.json"}, "data": {"path": str(self.texts)}}))
        done = subprocess.run([BIN / "plasa-trainer", "audit", spec], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("no.json", done.stderr)

    def test_refuses_what_does_not_fit(self):
        self.refused(2, ["vocab_size", "4095"], "small", params={"vocab_size": 1000})
        self.refused(3, ["synthetic task", str(SOTU)], "task", data={"task": "markov"})
        broken = self.dir / "broken.json"
        broken.write_text(SOTU.read_text()[:-100])
        self.refused(2, ["tokenizer", "broken.json", "not JSON"], "broken", tokenizer=broken)
        wide = self.dir / "wide.json"
        wide.write_text(json.dumps({"pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False},
                                    "model": {"type": "BPE", "vocab": {"a": 0, "b": 70000}, "merges": []}}))
        self.refused(2, ["wide.json", "70000", "65535"], "wide", tokenizer=wide)
        self.tokenize(self.documents(), "--to", self.dir / "t.bin")
        self.refused(3, ["t.bin", "bytes", "256"], "bytes", data={"path": str(self.dir / "t.bin")}, tokenizer="bytes")
        (self.texts / "bad.txt").write_bytes(b"caf\xe9")
        self.refused(3, ["bad.txt", "UTF-8"], "latin")


if __name__ == "__main__":
    unittest.main()
