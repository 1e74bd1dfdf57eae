"""plasa-trainer from spec.json to result, its events, and what it refuses."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import BIN
from trainer_process import Attempt, expect_complete


class TrainerRun(unittest.TestCase):
    def setUp(self):
        self.temp = tempfile.TemporaryDirectory()
        self.addCleanup(self.temp.cleanup)
        self.dir = Path(self.temp.name)

    def attempt(self, name="a", **kwargs):
        attempt = Attempt(self.dir / name, **kwargs)
        self.addCleanup(attempt.__exit__)
        return attempt

    def refused(self, code, words, **kwargs):
        attempt = self.attempt(**kwargs)
        self.assertEqual(attempt.run(), code, attempt.output())
        for word in words:
            self.assertIn(word, attempt.output())

    def test_runs_to_its_result(self):
        run = self.attempt()
        self.assertEqual(run.run(), 0, run.output())
        events = run.events()
        self.assertEqual([e["seq"] for e in events], list(range(1, len(events) + 1)))
        self.assertEqual((events[0]["type"], events[-1]["type"]), ("start", "result"))
        self.assertEqual(len(run.events("result")), 1)
        start, result = events[0], events[-1]
        self.assertEqual((start["step"], start["checkpoint"], start["steps_total"], start["valid"]), (0, None, 60, True))
        self.assertIn("Schedule: progressive_sparse", start["schedule_table"])
        self.assertIn(start["schedule_table"], run.output())
        points = run.points()
        self.assertEqual([s for n, s in points if n == "val/loss"], [0, 20, 40, 60])
        self.assertEqual([s for n, s in points if n == "train/loss"], list(range(1, 61)))
        self.assertLess(points["val/loss", 60], points["val/loss", 0])
        self.assertEqual({a["number"] for a in run.events("audit")}, {1, 2, 3, 5, 6, 10, 13})
        self.assertTrue(all(a["passed"] for a in run.events("audit")))
        self.assertEqual([e["step"] for e in run.events("stats")], [0, 20, 40, 60])
        self.assertEqual(len(run.events("stats")[0]["layers"]), 3)
        record = result["record"]
        self.assertEqual(record["val_loss"], points["val/loss", 60])
        self.assertEqual(result["metrics"]["val/loss"], record["val_loss"])
        self.assertEqual(record["training_curves"]["steps"], [0, 20, 40, 60])
        self.assertEqual(record["layer_k"], [32, 8, 16])
        self.assertTrue(record["valid"])
        parts = {"projections", "index", "select", "attention", "index_loss", "experts", "norms", "head"}
        self.assertLessEqual({"data", "forward", "backward", "optimiser", "eval"} | parts, record["time_split"].keys())
        self.assertGreater(record["time_split"]["head"], 0)

    def test_blas_kernels_fit_the_processor(self):
        """OpenBLAS takes kernels for the oldest processors where it does not know this one: the trainer tells it better, unless it is told already."""
        def kernels(**told):
            env = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"}
            probe = subprocess.run([BIN / "plasa-trainer", "probe"], env={**env, **told}, check=True, capture_output=True, text=True)
            return json.loads(probe.stdout)["blas"].split()[-1]
        if " avx2 " in Path("/proc/cpuinfo").read_text():
            self.assertIn(kernels(), {"Haswell", "Zen", "Excavator", "SkylakeX", "Cooperlake", "SapphireRapids"})
        self.assertEqual(kernels(OPENBLAS_CORETYPE="Prescott"), "Prescott")

    def test_causal_to_the_bit_with_other_products(self):
        """OpenBLAS sums a row differently in another place with its kernels for AVX2: what experts later tokens went to must not show."""
        cpu = Path("/proc/cpuinfo").read_text()
        for kernels, needs in (("Haswell", " avx2 "), ("Sandybridge", " avx ")):
            if needs in cpu:
                run = self.attempt(kernels, params={"steps": 2, "schedule": "dense_baseline"})
                self.assertEqual(run.run(env={**os.environ, "OPENBLAS_CORETYPE": kernels}), 0, run.output())

    def test_bf16_rounds_products_and_still_learns(self):
        params = {"d_model": 64, "n_heads": 4, "d_ff": 128, "batch_size": 4}  # 128 rows: products large enough for bf16
        losses = {}
        for precision in ("f32", "bf16"):
            run = self.attempt(precision, params={**params, "precision": precision})
            self.assertEqual(run.run(), 0, run.output())
            points = run.points()
            self.assertLess(points["val/loss", 60], points["val/loss", 0])
            losses[precision] = points["val/loss", 60]
        self.assertNotEqual(losses["f32"], losses["bf16"])
        self.assertAlmostEqual(losses["f32"], losses["bf16"], delta=0.05 * losses["f32"])

    def test_checkpoints_are_what_their_manifest_says(self):
        run = self.attempt()
        self.assertEqual(run.run(), 0, run.output())
        published = run.events("checkpoint")
        self.assertEqual([c["step"] for c in published], [20, 40, 60])
        self.assertEqual(sorted(p.name for p in (run.dir / "checkpoints").iterdir()), ["step-40", "step-60"])
        for event in published[1:]:
            expect_complete(self, run.dir / event["path"], event["digest"])
            manifest = json.loads((run.dir / event["path"] / "MANIFEST").read_bytes())
            self.assertEqual((manifest["events_seq"], manifest["files"]), (event["events_seq"], event["files"]))
            self.assertEqual(event["events_seq"], event["seq"] - 1)

    def test_two_runs_agree_and_another_seed_does_not(self):
        points = []
        for name, seed in (("a", 1), ("b", 1), ("c", 2)):
            run = self.attempt(name, params={"seed": seed, "steps": 10}, data={"task": "markov", "vocab": 32, "seed": 5})
            self.assertEqual(run.run(), 0, run.output())
            points.append(run.points())
        self.assertEqual(points[0], points[1])
        self.assertNotEqual(points[0], points[2])

    def test_a_leaky_run_is_marked_and_still_runs(self):
        run = self.attempt(params={"ref_leak": True, "steps": 4})
        self.assertEqual(run.run(), 0, run.output())
        result = run.events("result")[0]
        self.assertEqual((result["valid"], result["invalid_reasons"]), (False, ["ref_leak"]))
        self.assertIn("INVALID", run.output())

    def test_text_folder_and_automatic_corpus(self):
        texts = self.dir / "texts"
        texts.mkdir()
        for i in range(30):
            (texts / f"{i}.txt").write_text(f"document {i} " * 40)
        run = self.attempt("folder", params={"steps": 2}, data={"path": str(texts)})
        self.assertEqual(run.run(), 0, run.output())
        bare = {"PATH": "/nonexistent", "HOME": str(self.dir / "home")}
        auto = self.attempt("auto", params={"steps": 2, "vocab_size": 64}, data={"corpus": "auto"})
        self.assertEqual(auto.run(env=bare), 0, auto.output())
        self.assertIn("synthetic", auto.events("note")[0]["text"])

    def test_missing_corpus_names_its_package(self):
        run = self.attempt(data={"corpus": "kjv"})
        self.assertEqual(run.run(env={"PATH": "/nonexistent", "HOME": str(self.dir / "home")}), 3)
        self.assertIn("apt-get install bible-kjv", run.output())
        self.assertEqual(run.events(), [])

    def test_refuses_what_cannot_run(self):
        self.refused(2, ["stesp"], params={"stesp": 5})
        self.refused(2, ["n_heads"], params={"d_model": 15})
        self.refused(2, ["corpus", "kjv"], data={"corpus": "bible"})
        self.refused(2, ["vocab_size"], params={"vocab_size": 16})
        self.refused(2, ["device", "quantum", "cpu"], params={"device": "quantum"})
        self.refused(2, ["device", "cuda:7"], params={"device": "cuda:7"})
        self.refused(2, ["tokenizer: gpt2.json", "not there"], params={"tokenizer": "gpt2.json"})
        self.refused(5, ["GB"], params={"d_model": 16384, "n_layers": 256, "d_ff": 65536})
        self.refused(3, ["missing.bin"], data={"path": str(self.dir / "missing.bin")})
        self.refused(3, ["mqar"], data={"task": "mqar", "pairs": 30})

    def test_refuses_a_used_directory_and_a_broken_spec(self):
        run = self.attempt(params={"steps": 1})
        self.assertEqual(run.run(), 0, run.output())
        self.assertEqual(run.run(), 2)
        self.assertIn("events.jsonl", run.output())
        (self.dir / "spec.json").write_text("{")
        done = subprocess.run([BIN / "plasa-trainer", "run", self.dir / "spec.json"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("not JSON", done.stderr)

    def test_a_diverging_run_says_so(self):
        for schedule in ("uniform_sparse", "dense_baseline"):
            params = {"lr": 1e14, "clip": 0, "indexer_clip": 0, "steps": 60, "warmup_steps": 60, "lr_schedule": "constant", "schedule": schedule}
            run = self.attempt(schedule, params=params)
            self.assertEqual(run.run(), 2, run.output())
            self.assertIn("lower lr", run.output())
            self.assertEqual(run.events("result"), [])

    def test_audit_needs_its_data(self):
        spec = self.dir / "spec.json"
        spec.write_text(json.dumps({"v": 1, "params": {"preset": "demo"}, "data": {"path": str(self.dir / "missing.bin")}}))
        done = subprocess.run([BIN / "plasa-trainer", "audit", spec], capture_output=True, text=True)
        self.assertEqual(done.returncode, 3)
        self.assertIn("missing.bin", done.stderr)

    def test_verbs(self):
        def trainer(*words, **kwargs):
            return subprocess.run([BIN / "plasa-trainer", *words], capture_output=True, text=True, **kwargs)
        probe = json.loads(trainer("probe").stdout)
        self.assertEqual((probe["v"], probe["devices"][0]["kind"]), (1, "cpu"))
        self.assertIn(probe["build"], probe["devices"][0]["hardware_class"])
        self.assertIn(probe["build"], trainer("--version").stdout)
        self.assertIn("plasa-trainer run", trainer("--help").stdout)
        bench = json.loads(trainer("bench", "--preset", "demo", "--seq-len", "32", "--batch", "1", "--steps", "3", "-o", "json").stdout)
        self.assertGreater(bench["tokens_per_s"], 0)
        tokens = trainer("tokenize", "--tokenizer", "bytes", input='"ab"\n')
        self.assertEqual(json.loads(tokens.stdout), {"id": 0, "ids": [97, 98]})
        for words in ([], ["fly"], ["run"], ["bench", "--stesp", "3"], ["probe", "x"]):
            done = trainer(*words)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn("--help", done.stderr)


if __name__ == "__main__":
    unittest.main()
