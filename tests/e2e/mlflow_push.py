#!/usr/bin/env python3
"""`export --format mlflow`: a sweep's trials become runs of a tracking server, whole, once, and marked where they are INVALID."""

import base64
import json
import math
import os
import signal
import unittest
from pathlib import Path
from unittest import mock

from fake_mlflow import FakeMlflow
from harness import Cluster, trainer, wait_until

STEPS = 1500  # more than a batch


def sweep_of(name, used, **parameters):
    return {"name": name, "method": "grid", "metric": {"name": "val/loss", "goal": "minimize"},
            "parameters": {key: value if isinstance(value, dict) else {"value": value} for key, value in parameters.items()}, "plasa": {"trainer": used, "seeds": 1}}


def number(value):
    return float(value) if isinstance(value, str) else value


def series(run, key):
    """[(step, value)] as they were sent."""
    return [(m["step"], number(m["value"])) for m in run["metrics"] if m["key"] == key]


class MlflowPush(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster(slots=2, trainers={name: trainer(f"{name}.py") for name in ("points", "gated", "steps")})
        cls.addClassCleanup(cls.cluster.__exit__, None, None, None)
        cls.cluster.__enter__()
        cls.temp = Path(cls.cluster.temp.name)
        spec = sweep_of("pushed sweep", "points", steps=STEPS, strange=True, note="x" * 7000, rate=0.25, leak={"values": [False, True]})
        cls.sweep = cls.cluster.submit(spec)
        cls.cluster.wait(cls.sweep)
        cls.trials = {trial["id"]: trial for trial in cls.cluster.trials(cls.sweep)}

    def setUp(self):
        self.server = self.enterContext(FakeMlflow("/tracking"))

    def push(self, *more, sweep=None, to=None, check=0):
        done = self.cluster.ctl("export", sweep or self.sweep, "--format", "mlflow", "--to", to or self.server.url, "-o", "json", *more, check=check)
        return json.loads(done.stdout)

    def run_of(self, trial):
        [run] = [r for r in self.server.active() if r["tags"]["plasa.trial"] == trial]
        return run

    def test_a_run_a_trial(self):
        said = self.push()
        self.assertEqual(said["points"], 2 * (STEPS + 3))
        self.assertEqual(self.server.experiments.keys(), {"pushed sweep"})
        self.assertEqual({r["tags"]["plasa.trial"] for r in self.server.active()}, self.trials.keys())
        self.assertEqual((said["trials"], said["points"], said["sent"], said["replaced"], said["experiment"]), (2, 2 * (STEPS + 3), 2 * (STEPS + 3), 0, "pushed sweep"))
        for id, trial in self.trials.items():
            run = self.run_of(id)
            self.assertEqual(series(run, "val/loss"), [(int(row["step"]), float(row["value"])) for row in self.cluster.metrics(id, "val/loss")])
            self.assertEqual((run["status"], run["tags"]["plasa.state"], run["tags"]["plasa.admitted"]), ("FINISHED", "succeeded", "true"))
            self.assertEqual((run["tags"]["plasa.sweep"], run["tags"]["plasa.seed"]), (self.sweep, "1"))
            attempt = trial["attempts"][0]
            self.assertEqual((run["start"], run["end"]), (round(1000 * attempt["created"]), round(1000 * attempt["ended"])))

    def test_times_of_points(self):
        self.push()
        [id, *_] = self.trials
        shown = json.loads(self.cluster.ctl("metrics", id, "-o", "json").stdout)["points"]
        self.assertEqual({m["timestamp"] for m in self.run_of(id)["metrics"]}, {math.floor(1000 * p["time"] + 0.5) for p in shown})

    def test_what_mlflow_would_refuse(self):
        self.push()
        for run in self.server.active():
            [strange] = {m["key"] for m in run["metrics"]} - {"val/loss"}
            self.assertRegex(strange, r"^grad_1 _max__[0-9a-f]{8}$")
            values = [value for _, value in series(run, strange)]
            self.assertTrue(math.isnan(values[0]))
            self.assertEqual(values[1:], [math.inf, -math.inf])
            self.assertEqual(run["params"]["note"], "x" * 6000)
            self.assertEqual([run["params"][name] for name in ("rate", "steps", "strange", "seed")], ["0.25", str(STEPS), "true", "1"])

    def test_reference_modes_are_invalid_by_name(self):
        self.push()
        for id, trial in self.trials.items():
            run, leak = self.run_of(id), trial["params"]["leak"]
            self.assertEqual([name.startswith("INVALID ") for name in run["names"]], [leak])  # from its first moment
            self.assertEqual(run["tags"]["plasa.valid"], "false" if leak else "true")
            self.assertEqual(run["tags"].get("plasa.invalid_reasons"), "leak;sees the future" if leak else None)

    def test_again_doubles_nothing(self):
        self.push()
        before = json.dumps(self.server.runs)
        said = self.push()
        self.assertEqual((said["points"], said["sent"], said["replaced"]), (2 * (STEPS + 3), 0, 0))
        self.assertEqual(json.dumps(self.server.runs), before)

    def test_a_push_that_was_cut_off_goes_on(self):
        whole = self.push("--experiment", "whole")
        for batches in range(4):
            with self.subTest(batches=batches):
                name = f"cut after {batches}"
                self.server.cut_after = batches
                error = self.push("--experiment", name, check=6)["error"]
                self.assertIn("the same push again goes on", error["hint"])
                self.server.cut_after = None
                said = self.push("--experiment", name)
                self.assertEqual((said["points"], said["replaced"]), (whole["points"], 0))
                self.assertLess(said["sent"], whole["sent"])
                self.assertEqual(self.content(name), self.content("whole"))

    def content(self, experiment):
        id = self.server.experiments[experiment]
        return sorted(json.dumps({**r, "id": "", "experiment": "", "names": []}, sort_keys=True) for r in self.server.active() if r["experiment"] == id)

    def test_running_and_begun_anew(self):
        gate = self.temp / "gate"
        gate.mkdir()
        advance = lambda step: (gate / "1-1").write_text(str(step))  # noqa: E731
        sweep = self.cluster.submit(sweep_of("gated", "gated", x=1, steps=8, gate=str(gate)))
        [trial] = [t["id"] for t in self.cluster.trials(sweep)]
        seen = lambda: len(self.cluster.metrics(trial))  # noqa: E731
        advance(4)
        wait_until(lambda: seen() == 4, "four points")
        self.assertEqual(self.push(sweep=sweep)["sent"], 4)
        first = self.run_of(trial)
        self.assertEqual((first["status"], first["end"]), ("RUNNING", None))
        advance(6)
        wait_until(lambda: seen() == 6, "six points")
        self.assertEqual(self.push(sweep=sweep)["sent"], 2)
        self.assertEqual([step for step, _ in series(first, "val/loss")], [1, 2, 3, 4, 5, 6])
        advance(2)  # the attempt that comes starts at step 0
        [pid] = [json.loads((d / "shim.json").read_text())["pid"] for d in self.cluster.attempts() if d.name.startswith(trial)]
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: [a["number"] for a in self.cluster.trials(sweep)[0]["attempts"]] == [1, 2] and seen() == 2, "a second attempt with two points")
        said = self.push(sweep=sweep)
        self.assertEqual((said["points"], said["sent"], said["replaced"]), (2, 2, 1))
        self.assertEqual(first["stage"], "deleted")
        advance(8)
        self.cluster.wait(sweep)
        self.assertEqual(self.push(sweep=sweep)["sent"], 6)
        run = self.run_of(trial)
        self.assertEqual([step for step, _ in series(run, "val/loss")], list(range(1, 9)))
        self.assertEqual((run["status"], run["tags"]["plasa.attempt"]), ("FINISHED", "2"))

    def test_states(self):
        failing = self.cluster.submit(sweep_of("failing", "steps", steps=4, checkpoint_steps=9, fail="exit:2"))
        canceled = self.cluster.submit(sweep_of("canceled", "gated", x=2, steps=8, gate=str(self.temp / "nowhere")))
        [trial] = self.cluster.trials(canceled)
        wait_until(lambda: self.cluster.trials(canceled)[0]["state"] == "running", "it runs")
        self.cluster.ctl("cancel", canceled)
        for sweep in (failing, canceled):
            self.cluster.wait(sweep, check=8)
            self.push(sweep=sweep)
        self.assertEqual(self.run_of(trial["id"])["status"], "KILLED")
        self.assertEqual(self.run_of(self.cluster.trials(failing)[0]["id"])["status"], "FAILED")

    def test_a_trial_that_has_not_begun_has_no_run(self):
        waiting = self.cluster.submit({**sweep_of("waiting", "nobody has it", steps=1)})
        self.assertEqual(self.push(sweep=waiting)["trials"], 0)
        self.assertEqual(self.server.runs, {})
        self.cluster.ctl("cancel", waiting)

    def test_credentials(self):
        for variables, header in (({"MLFLOW_TRACKING_USERNAME": "me", "MLFLOW_TRACKING_PASSWORD": "p:w"}, "Basic " + base64.b64encode(b"me:p:w").decode()),
                                  ({"MLFLOW_TRACKING_TOKEN": "secret"}, "Bearer secret")):
            self.server.authorization = header
            self.assertIn("MLFLOW_TRACKING_USERNAME", self.push(check=4)["error"]["hint"])
            with mock.patch.dict(os.environ, variables):
                self.push()

    def test_who_is_not_there(self):
        with FakeMlflow() as other:
            gone = other.url
        error = self.push(to=gone, check=6)["error"]
        self.assertIn(gone, error["message"])
        self.assertIn("check that the server runs", error["hint"])
        elsewhere = self.push(to=self.server.url.replace("/tracking", "/elsewhere"), check=6)["error"]
        self.assertIn("is no MLflow server: it answered 404", elsewhere["message"])
        self.server.stuck = True
        self.assertIn("--timeout", self.push("--timeout", "1", check=6)["error"]["hint"])

    def test_refusals(self):
        for to, mend in (("https://127.0.0.1:5000", "ssh -L"), ("http://me:secret@127.0.0.1:5000", "MLFLOW_TRACKING_USERNAME"), ("127.0.0.1:5000", "http://HOST:PORT"),
                         ("-", "http://"), ("http://127.0.0.1:5000/?a=b", "http://HOST:PORT")):
            error = self.push(to=to, check=2)["error"]
            self.assertIn(mend, error["hint"])
            self.assertNotIn("secret", error["message"])
        self.push(sweep="nothing", check=3)
        self.cluster.ctl("export", self.sweep, "--to", self.temp / "new", "--experiment", "x", check=2)
        self.assertEqual(self.server.runs, {})


if __name__ == "__main__":
    unittest.main(verbosity=2)
