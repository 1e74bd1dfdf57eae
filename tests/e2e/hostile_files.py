"""Files that lie, given to plasa-trainer: the exit code and a sentence that names the file, never a signal."""

import hashlib
import json
import resource
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import BIN, HERE
from trainer_process import Attempt, resumed

SOTU = HERE.parent / "tokenizer" / "sotu4096-digits.tokenizer.json"
MOST_MEMORY = 16 << 30  # of address space: LibTorch maps a lot before it does anything
USER_ERROR, DATA, CRASHED = 2, 3, 1


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def token_file(ids, magic=20240520, version=1, count=None, width="H"):
    count = len(ids) if count is None else count
    return struct.pack("<3I", magic, version, count) + bytes(1012) + struct.pack(f"<{len(ids)}{width}", *ids)


def sidecar(*offsets, count=None):
    return b"PLSADOC1" + struct.pack(f"<{len(offsets) + 1}Q", len(offsets) - 1 if count is None else count, *offsets)


def tensors(header, data=b"", said=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if said is None else said) + text + data


IDS = [i * i % 31 for i in range(400)]

# what: (token file, its sidecar or None, word of the sentence)
TOKEN_FILES = {
    "empty": (b"", None, "llm.c"),
    "cut in its ids": (token_file(IDS)[:-1], None, "promises"),
    "wrong magic": (token_file(IDS, magic=20240521), None, "llm.c"),
    "giant count": (token_file(IDS, count=0xFFFFFFFF), None, "promises"),
    "no ids": (token_file([]), None, "too small"),
    "id beyond any vocabulary": (token_file([*IDS, 0xFFFFFFFF], magic=20240801, version=7, width="I"), sidecar(0, 200, 401), "65536"),
    "sidecar with a giant count": (token_file(IDS), sidecar(0, 200, 400, count=2**61), ".docs"),
    "sidecar that decreases": (token_file(IDS), sidecar(0, 300, 200, 400), ".docs"),
    "sidecar beyond the file": (token_file(IDS), sidecar(0, 200, 2**63), ".docs"),
}

TOKENIZERS = {
    "empty": (b"", "JSON"),
    "cut": (SOTU.read_bytes()[:-20], "JSON"),
    "no UTF-8": (b"\xff\xfe" + SOTU.read_bytes(), "JSON"),
    "nested lists": (b"[" * 1_000_000, "nested"),
    "nested objects": (b'{"a":' * 1_000_000, "nested"),
    "a giant id": (SOTU.read_bytes().replace(b'"id":0', b'"id":99999999999', 1).replace(b'"id": 0', b'"id": 99999999999', 1), "token id"),
    "another model": (b'{"model":{"type":"WordPiece"}}', "WordPiece"),
}

TENSORS = {
    "cut": (tensors({"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}, bytes(15)), "outside the file"),
    "a giant header": (tensors({}, said=2**63), "longer than the file"),
    "overlapping": (tensors({"a": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}, "b": {"dtype": "U8", "shape": [4], "data_offsets": [2, 6]}}, bytes(6)),
                    "overlaps"),
    "giant offsets": (tensors({"a": {"dtype": "U8", "shape": [4], "data_offsets": [2**63, 2**63 + 4]}}, bytes(4)), "outside the file"),
    "a giant shape": (tensors({"a": {"dtype": "F32", "shape": [2**40, 2**40], "data_offsets": [0, 4]}}, bytes(4)), "too large"),
    "nested": (tensors(b"[" * 1_000_000), "nested"),
    "other tensors": (tensors({}), "other tensors"),
}


class HostileFiles(unittest.TestCase):
    def setUp(self):
        temp = tempfile.TemporaryDirectory()
        self.addCleanup(temp.cleanup)
        self.dir = Path(temp.name)

    def run_trainer(self, *words, **kwargs):
        return subprocess.run([BIN / "plasa-trainer", *words], capture_output=True, text=True, timeout=120, preexec_fn=limit_memory, **kwargs)

    def says(self, done, code, *words):
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertLess(len(done.stderr), 3000)
        for word in words:
            self.assertIn(word, done.stderr)

    def run_spec(self, attempt):
        (attempt.dir / "spec.json").write_text(json.dumps(attempt.spec))
        return self.run_trainer("run", attempt.dir / "spec.json")

    def test_token_files(self):
        file = self.dir / "t.bin"
        for i, (what, (content, docs, word)) in enumerate(TOKEN_FILES.items()):
            with self.subTest(what):
                file.write_bytes(content)
                (self.dir / "t.bin.docs").write_bytes(docs or sidecar(0, 200, 400))
                if docs is None:
                    (self.dir / "t.bin.docs").unlink()
                attempt = Attempt(self.dir / str(i), data={"path": str(file)})
                self.says(self.run_spec(attempt), USER_ERROR if word == "65536" else DATA, word)

    def test_ids_beyond_the_vocabulary(self):
        (self.dir / "t.bin").write_bytes(token_file([*IDS, 300]))
        (self.dir / "t.bin.docs").write_bytes(sidecar(0, 200, 401))
        attempt = Attempt(self.dir / "a", params={"vocab_size": 300}, data={"path": str(self.dir / "t.bin")})
        self.says(self.run_spec(attempt), USER_ERROR, "vocab_size", "up to 300")

    def test_tokenizers(self):
        file = self.dir / "tokenizer.json"
        (self.dir / "texts").mkdir()
        (self.dir / "texts" / "a").write_text("text")
        for i, (what, (content, word)) in enumerate(TOKENIZERS.items()):
            with self.subTest(what):
                file.write_bytes(content)
                self.says(self.run_trainer("tokenize", "--tokenizer", file, input='"text"\n'), USER_ERROR, "tokenizer.json", word)
                attempt = Attempt(self.dir / str(i), params={"tokenizer": str(file)}, data={"path": str(self.dir / "texts")})
                self.says(self.run_spec(attempt), USER_ERROR, "tokenizer.json", word)
        self.says(self.run_trainer("tokenize", "--tokenizer", "/dev/zero", input=""), USER_ERROR, "/dev/zero")

    def test_specs(self):
        for what, content, word in (("nested", '{"params":' * 1_000_000, "nested"), ("cut", '{"v":1,"params":{', "JSON"),
                                    ("giant", '{"params":{"steps":1e999}}', "JSON"), ("a list", "[]", "object")):
            with self.subTest(what):
                spec = self.dir / "spec.json"
                spec.write_text(content)
                self.says(self.run_trainer("run", spec), USER_ERROR, "spec.json", word)
        self.says(self.run_trainer("run", "/dev/zero"), USER_ERROR, "larger than")

    def test_damaged_checkpoints(self):
        """Every file damaged as a disk does it, and tensor files that lie in a checkpoint whose MANIFEST fits them."""
        before = Attempt(self.dir / "before", params={"steps": 2, "eval_every": 1, "eval_max_targets": 64})
        self.addCleanup(before.__exit__)
        self.assertEqual(before.run(), 0, before.output())
        checkpoint = before.events("checkpoint")[0]
        for name in ("model.safetensors", "optim.safetensors", "state.json", "MANIFEST"):
            with self.subTest(name):
                after = resumed(self.dir / f"cut-{name}", before, checkpoint)
                file = after.dir / checkpoint["path"] / name
                file.write_bytes(file.read_bytes()[:-1])
                self.says(self.run_spec(after), CRASHED, name, "resume from another checkpoint")
        for what, (content, word) in TENSORS.items():
            with self.subTest(what):
                after = self.lying(before, checkpoint, what.replace(" ", "-"), "model.safetensors", content)
                self.says(self.run_spec(after), CRASHED, "model.safetensors", word)
        state = json.loads((before.dir / checkpoint["path"] / "state.json").read_text())
        for what, change, code, word in (("far", {"step": 10**15}, USER_ERROR, "asked for"), ("other", {"config_hash": "x"}, USER_ERROR, "another configuration"),
                                         ("history", {"history": {"curves": []}}, USER_ERROR, "history")):
            with self.subTest(what):
                after = self.lying(before, checkpoint, what, "state.json", json.dumps({**state, **change}).encode())
                self.says(self.run_spec(after), code, word)

    def lying(self, before, checkpoint, directory, name, content):
        """An attempt that goes on from the checkpoint with another file in it, and a MANIFEST that fits."""
        after = resumed(self.dir / directory, before, checkpoint)
        folder = after.dir / checkpoint["path"]
        (folder / name).write_bytes(content)
        manifest = json.loads((folder / "MANIFEST").read_text())
        for file in manifest["files"]:
            file["sha256"] = hashlib.sha256((folder / file["name"]).read_bytes()).hexdigest()
        text = json.dumps(manifest).encode()
        (folder / "MANIFEST").write_bytes(text)
        after.spec["resume"]["digest"] = hashlib.sha256(text).hexdigest()
        return after


if __name__ == "__main__":
    unittest.main()
