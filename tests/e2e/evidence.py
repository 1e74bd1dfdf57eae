#!/usr/bin/env python3
"""`verify` holds what is stored against its digests and runs trials anew; `try` runs a cell without anybody."""

import csv
import io
import json
import os
import signal
import subprocess
import unittest
from pathlib import Path

from harness import BIN, Cluster, steps_sweep, trainer, wait_until

STEPS = trainer("steps.py")
RUN_FIELDS = """val_loss val_accuracy time_per_step parameters training_curves valid invalid_reasons config config_hash layer_k layers buckets
tokens_trained epochs flops bits_per_byte ppl score audits time_split""".split()
LAYER_FIELDS = "layer_idx layer_k actual_k k_ratio sparsity sparsity_causal selected future entropy_norm".split()
SPARSE_FIELDS = "mass_recall mass_recall_all set_recall kl_dense tie_rate self_rate bos_rate distance_hist overlap_prev".split()


def plasa_sweep(name="small", **more):
    values = {"preset": "demo", "steps": 6, "eval_every": 3, "eval_max_targets": 256, "batch_size": 1, "equal_tokens": False, "seq_len": 32}
    parameters = {key: {"value": value} for key, value in values.items()}
    parameters["schedule"] = {"values": ["uniform_sparse", "progressive_sparse"]}
    return {"name": name, "method": "grid", "metric": {"name": "val/loss", "goal": "minimize"}, "parameters": {**parameters, **more},
            "plasa": {"data": {"corpus": "kjv"}, "seeds": 2}}


class Evidence(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster(slots=2, trainers={"steps": STEPS})
        cls.addClassCleanup(cls.cluster.__exit__, None, None, None)
        cls.cluster.__enter__()
        cls.temp = Path(cls.cluster.temp.name)
        cls.steps = cls.cluster.submit(steps_sweep("steps", seeds=2, step_ms=10))
        cls.kill_behind_a_checkpoint()
        cls.small = cls.cluster.submit(plasa_sweep())
        cls.cluster.wait(cls.steps)
        cls.cluster.wait(cls.small)
        for name, sweep in (("steps", cls.steps), ("small", cls.small)):
            cls.cluster.ctl("report", sweep, "-o", cls.temp / name, check=None)

    @classmethod
    def kill_behind_a_checkpoint(cls):
        """One trial goes on from a checkpoint."""
        directory, pid = cls.cluster.running_trainer()
        wait_until(lambda: '"type": "checkpoint"' in (directory / "events.jsonl").read_text(), "a checkpoint")
        os.kill(pid, signal.SIGKILL)

    def verify(self, *arguments, check=0):
        done = self.cluster.ctl("--timeout", 60, "verify", *arguments, "-o", "json", check=check)
        return {entry["check"]: entry for entry in json.loads(done.stdout)["checks"]}

    def anew(self, checks):
        return [entry for name, entry in checks.items() if name.endswith(" anew")]

    def own_trainer(self, name, old, new):
        """steps.py with one change."""
        text = Path(STEPS).read_text()
        self.assertIn(old, text)
        path = self.temp / name
        path.write_text(text.replace(old, new))
        path.chmod(0o755)
        return f"steps={path}"

    def test_all_that_is_stored_holds(self):
        checks = self.verify(self.small, "--report", self.temp / "small")
        self.assertEqual({entry["result"] for entry in checks.values()}, {"equal"})
        for name in ("results and audits", "resume certificates", "checkpoint files", "files of the report", "table of results"):
            self.assertGreater(checks[name]["compared"], 0, name)

    def test_a_trial_run_anew_gives_the_same_bits(self):
        [entry] = self.anew(self.verify(self.small, "--recompute", 1, "--seed", 5))
        self.assertEqual(entry["result"], "equal")
        self.assertGreater(entry["compared"], 10)

    def test_a_trial_that_was_killed_and_went_on_is_equal_to_one_run_in_one_go(self):
        attempts = [len(trial["attempts"]) for trial in self.cluster.trials(self.steps)]
        self.assertGreater(max(attempts), 1)
        entries = self.anew(self.verify(self.steps, "--recompute", 9, "--trainer", f"steps={STEPS}"))
        self.assertEqual([entry["result"] for entry in entries], ["equal", "equal"])

    def test_data_of_the_users_own_come_from_the_artifacts(self):
        folder = self.temp / "texts"
        folder.mkdir()
        for name in ("one.txt", "two.txt"):
            (folder / name).write_text("".join(f"{name} says {number} things. " for number in range(3000)))
        spec = plasa_sweep("own")
        spec["plasa"]["data"] = {"path": str(folder)}
        own = self.cluster.submit(spec)
        self.cluster.wait(own)
        for file in folder.iterdir():
            file.unlink()
        [entry] = self.anew(self.verify(own, "--recompute", 1))
        self.assertEqual(entry["result"], "equal", entry)

    def test_another_result_is_seen(self):
        other = self.own_trainer("other.py", "self.total += 1 / step", "self.total += 1.0000001 / step")
        entries = self.anew(self.verify(self.steps, "--recompute", 2, "--trainer", other, check=1))
        self.assertEqual([entry["result"] for entry in entries], ["differs", "differs"])
        self.assertTrue(any("state.json" in text for text in entries[0]["details"]), entries[0])

    def test_other_hardware_is_refused_or_held_to_a_tolerance(self):
        other = self.own_trainer("elsewhere.py", 'hardware_class="test"', 'hardware_class="other"')
        [entry] = self.anew(self.verify(self.steps, "--recompute", 1, "--trainer", other, check=1))
        self.assertEqual(entry["result"], "refused")
        self.assertIn('it ran on "test", this machine is "other"', entry["details"][0])
        [entry] = self.anew(self.verify(self.steps, "--recompute", 1, "--trainer", other, "--tolerance", "1e-9"))
        self.assertEqual(entry["result"], "within tolerance")
        worse = self.own_trainer("worse.py", 'hardware_class="test"', 'hardware_class=str(setattr(self, "total", self.total + .01))')
        [entry] = self.anew(self.verify(self.steps, "--recompute", 1, "--trainer", worse, "--tolerance", "1e-9", check=1))
        self.assertEqual(entry["result"], "differs")

    def test_what_cannot_be_run_is_refused_with_a_sentence(self):
        [entry] = self.anew(self.verify(self.steps, "--recompute", 1, check=1))
        self.assertEqual(entry["result"], "refused")
        self.assertIn("--trainer steps=PATH", entry["details"][0])
        self.cluster.ctl("verify", self.steps, "--recompute", -1, check=2)
        self.cluster.ctl("verify", self.steps, "--tolerance", "much", check=2)
        self.cluster.ctl("verify", self.steps, "--recompute", 1, "--trainer", "steps", check=2)
        self.cluster.ctl("verify", "nothing", check=3)

    def test_a_trainer_that_fails_differs(self):
        failing = self.own_trainer("failing.py", "self.misbehave(step)", "sys.exit('no more')")
        [entry] = self.anew(self.verify(self.steps, "--recompute", 1, "--trainer", failing, check=1))
        self.assertEqual(entry["result"], "differs")
        self.assertIn("no more", entry["details"][0])

    def test_a_damaged_artifact_is_found(self):
        [file] = [path for path in self.cluster.state.glob("artifacts/*/*") if path.stat().st_size > 1000][:1]
        whole = file.read_bytes()
        file.chmod(0o644)
        file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        try:
            checks = [self.verify(sweep, check=None)["checkpoint files"] for sweep in (self.small, self.steps)]
            self.assertEqual([entry["result"] for entry in checks].count("differs"), 1)
            self.assertTrue(any(file.name in text for entry in checks for text in entry["details"]))
        finally:
            file.write_bytes(whole)

    def test_a_changed_report_is_found(self):
        changed = self.temp / "changed"
        self.cluster.ctl("report", self.small, "-o", changed)
        table = changed / "results.csv"
        table.write_text(table.read_text().replace("true", "false", 1))
        (changed / "report.html").unlink()
        entry = self.verify(self.small, "--report", changed, check=1)["files of the report"]
        self.assertEqual(sorted(text.split()[0] for text in entry["details"]), ["report.html", "results.csv"])
        entry = self.verify(self.steps, "--report", self.temp / "small", check=1)["table of results"]
        self.assertEqual(entry["result"], "differs")
        self.assertEqual(self.verify(self.small, "--report", self.temp, check=1)["files of the report"]["result"], "differs")

    def test_the_records_have_every_field(self):
        folder = self.temp / "small" / "seq_32"
        summary = json.loads((folder / "comparison_summary.json").read_text())
        self.assertEqual(sorted(summary), ["progressive_sparse", "uniform_sparse"])
        for name in ("progressive_sparse_results", "progressive_sparse_seed1_results", "progressive_sparse_seed2_results"):
            record = json.loads((folder / f"{name}.json").read_text())
            self.assertEqual([field for field in RUN_FIELDS if field not in record], [])
            self.assertEqual(sorted(record["training_curves"]), ["steps", "train_loss", "val_accuracy", "val_loss"])
            for layer in record["layers"]:
                self.assertEqual([field for field in LAYER_FIELDS if field not in layer], [])
            self.assertEqual([field for field in SPARSE_FIELDS if field not in record["layers"][3]], [])
        self.assertEqual(summary["progressive_sparse"]["over_seeds"]["val/loss"]["n"], 2)

    def test_the_manifest_is_an_evidence_pack(self):
        manifest = json.loads((self.temp / "steps" / "manifest.json").read_text())
        self.assertEqual(manifest["faults"], {"KILLED": 1})
        self.assertEqual({attempt["certificate"]["hardware_class"] for attempt in manifest["attempts"]}, {"test"})
        self.assertEqual(len(manifest["attempts"]), 3)
        self.assertEqual([sorted(entry["files"]) for entry in manifest["checkpoints"]], [["state.json"]] * 2)
        self.assertTrue(manifest["environment"]["host"])

    def plasactl_alone(self, *arguments, check=0):
        done = subprocess.run([BIN / "plasactl", "--state", self.temp / "nobody", *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, check, done.stdout + done.stderr)
        return done

    def test_try_gives_what_the_sweep_gave(self):
        file = self.temp / "small.yaml"
        file.write_text(json.dumps(plasa_sweep()))
        tried = json.loads(self.plasactl_alone("try", file, "--cell", 2, "-o", "json").stdout)
        [trial] = [t for t in self.cluster.trials(self.small) if t["id"] == tried["trial"]]
        self.assertEqual({name: tried["metrics"][name] for name in ("val/loss", "val/accuracy")},
                         {name: trial["metrics"][name] for name in ("val/loss", "val/accuracy")})
        self.assertEqual(tried["params"], trial["params"])

    def test_try_keeps_its_directory_only_where_asked(self):
        file = self.temp / "steps.yaml"
        file.write_text(json.dumps(steps_sweep("steps", step_ms=0)))
        kept = self.temp / "kept"
        done = self.plasactl_alone("try", file, "--trainer", f"steps={STEPS}", "--to", kept)
        self.assertIn("val/loss", done.stdout)
        self.assertIn('"result"', (kept / "events.jsonl").read_text())
        self.plasactl_alone("try", file, "--trainer", f"steps={STEPS}", "--to", kept, check=5)
        self.plasactl_alone("try", file, "--trainer", f"steps={STEPS}", "--cell", 2, check=2)
        self.plasactl_alone("try", file, check=3)

    def test_try_marks_a_reference_mode_in_its_table(self):
        for leak, mark in ((True, "leak;sees the future"), (False, "")):
            file = self.temp / "leak.yaml"
            file.write_text(json.dumps(steps_sweep("leak", leak=leak) | {"plasa": {"trainer": "points"}}))
            done = self.plasactl_alone("try", file, "--trainer", f"points={trainer('points.py')}", "-o", "csv")
            [row] = list(csv.DictReader(io.StringIO(done.stdout)))
            self.assertEqual((row["METRIC"], row["INVALID"]), ("val/loss", mark))

    def test_try_says_why_a_trainer_failed(self):
        file = self.temp / "failing.yaml"
        file.write_text(json.dumps(steps_sweep("failing", fail="exit:3")))
        done = self.plasactl_alone("try", file, "--trainer", f"steps={STEPS}", check=1)
        self.assertIn("exit code 3", done.stderr)
        self.assertIn("this trainer was asked to fail", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
