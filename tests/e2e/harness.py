"""What the end-to-end tests share: a coordinator and workers of their own in a temporary directory, plasactl, and waiting.

Standard library only. Every process that is started here is ended here, whatever the test does.

    with Cluster(slots=2, trainers={"steps": trainer("steps.py")}) as cluster:
        sweep = cluster.submit({"name": "s", "method": "grid", ...})
        cluster.wait(sweep)
        shown = cluster.show(sweep)
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
BIN = Path(os.environ.get("PLASA_BIN", HERE.parent.parent / "build" / "release" / "bin"))
LIMIT_S = 120.0  # a hang ends the test; nothing is judged by time


def trainer(name):
    """Path of a trainer under tests/e2e/trainers/."""
    return str(HERE / "trainers" / name)


def wait_until(condition, what, limit_s=LIMIT_S):
    """Polls until `condition()` is true and returns its value."""
    deadline = time.monotonic() + limit_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {limit_s} s in vain for {what}")
        time.sleep(0.02)


def alive(pid):
    """True while the process lives (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def read_json(path):
    """The JSON in `path`, or None while it is missing or half written."""
    try:
        return json.loads(Path(path).read_text())
    except (OSError, ValueError):
        return None


class Daemon:
    """One process of a cluster, with its log."""

    def __init__(self, arguments, log):
        self.arguments = [str(a) for a in arguments]
        self.log = Path(log)
        self.process = None

    def start(self):
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(
                self.arguments, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
        return self

    def kill(self):
        """SIGKILL, as a crash would."""
        self.process.kill()
        self.process.wait()

    def stop(self, number=signal.SIGTERM, limit_s=45):
        """Asks it to leave and returns its exit code; killed when it does not."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(limit_s)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.arguments[0]} did not leave; its log:\n{self.tail()}") from None

    def running(self):
        return self.process is not None and self.process.poll() is None

    def tail(self, lines=40):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""


class Cluster:
    """A coordinator and one worker on a state directory of their own; more workers by add_worker. `started`: with the coordinator."""

    def __init__(self, slots=2, trainers=None, worker=True, started=True):
        self.slots, self.trainers, self.with_worker, self.started = slots, trainers or {}, worker and started, started
        self.temp = tempfile.TemporaryDirectory(prefix="plasa-e2e-")
        self.state = Path(self.temp.name) / "state"
        self.coordinator = Daemon([BIN / "plasa-coordinator", "--state", self.state, "--listen", "127.0.0.1:0:0"],
                                  self.state / "logs" / "coordinator.log")
        self.workers = []

    def __enter__(self):
        try:
            if self.started:
                self.start_coordinator()
            if self.with_worker:
                self.add_worker(self.state, self.slots)
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            for daemon in [self.coordinator, *self.workers]:
                print(f"--- {daemon.arguments[0]}\n{daemon.tail()}", file=sys.stderr)
        for worker in self.workers:
            self.end_worker(worker)
        if self.coordinator.running():
            self.coordinator.kill()
        self.temp.cleanup()

    def end_worker(self, worker):
        """Ends the daemon, its shims and (they die with their shims) its trainers."""
        if worker.running():
            worker.kill()
        for shim in Path(worker.state).glob("worker/slots/*/shim.json"):
            identity = read_json(shim)
            if identity and alive(identity["pid"]):
                os.kill(identity["pid"], signal.SIGKILL)

    def start_coordinator(self):
        self.coordinator.start()
        def serving():
            if not self.coordinator.running():
                raise AssertionError(f"the coordinator ended:\n{self.coordinator.tail()}")
            endpoints = read_json(self.state / "endpoints.json")
            return endpoints if endpoints and endpoints.get("pid") == self.coordinator.process.pid else None
        self.endpoints = wait_until(serving, "the coordinator to serve")
        return self.endpoints

    def add_worker(self, state, slots, before=None):
        """Starts a worker; on a state directory of its own it is told where the coordinator is. `before(daemon)` may change how."""
        arguments = [BIN / "plasa-worker", "--state", state, "--slots", slots]
        if Path(state) != self.state:
            arguments += ["--coordinator", self.endpoints["grpc"], "--token-file", self.state / "tokens" / "worker"]
        for name, path in self.trainers.items():
            arguments += ["--trainer", f"{name}={path}"]
        worker = Daemon(arguments, Path(state) / "logs" / "worker.log")
        worker.state = Path(state)
        if before:
            before(worker)
        self.workers.append(worker.start())
        return worker

    @property
    def worker(self):
        return self.workers[0]

    def ctl(self, *arguments, check=0, text=None, timeout=LIMIT_S):
        """Runs plasactl; the exit code must be `check` (None = any). Returns the completed process."""
        command = [str(BIN / "plasactl"), "--state", str(self.state), *map(str, arguments)]
        done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=timeout)
        if check is not None and done.returncode != check:
            raise AssertionError(f"{' '.join(command)} left with {done.returncode}, not {check}:\n{done.stdout}{done.stderr}")
        return done

    def get(self, path):
        """The JSON that the HTTP API answers, asked as the administrator."""
        token = (self.state / "tokens" / "admin").read_text().strip()
        request = urllib.request.Request(f"{self.endpoints['http']}{path}", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=LIMIT_S) as reply:
            return json.load(reply)

    def submit(self, spec):
        """Submits a sweep given as a dictionary (JSON is YAML) and returns its id."""
        path = Path(self.temp.name) / f"sweep-{time.monotonic_ns()}.yaml"
        path.write_text(json.dumps(spec))
        return json.loads(self.ctl("submit", path, "-o", "json").stdout)["sweep"]

    def show(self, sweep):
        return json.loads(self.ctl("show", sweep, "-o", "json").stdout)

    def trials(self, sweep):
        return self.show(sweep)["trials"]

    def wait(self, sweep, check=0):
        return self.ctl("wait", sweep, check=check)

    def metrics(self, trial, name=None):
        """Rows of `metrics -o csv` as dictionaries."""
        arguments = ["--timeout", LIMIT_S, "metrics", trial] + ([name] if name else []) + ["-o", "csv"]
        header, *rows = self.ctl(*arguments).stdout.splitlines()
        return [dict(zip(header.split(","), row.split(","))) for row in rows]

    def table(self, sweep):
        """results.csv of the sweep's report."""
        directory = Path(self.temp.name) / f"report-{sweep}"
        self.ctl("report", sweep, "-o", directory)
        return (directory / "results.csv").read_text()

    def attempts(self, state=None):
        """Attempt directories of a worker, oldest first."""
        root = Path(state or self.state) / "worker" / "attempts"
        return sorted(root.glob("*-*"), key=lambda path: int(path.name.rsplit("-", 1)[1]))

    def running_trainer(self, state=None):
        """(directory, pid) of an attempt whose trainer has reported something; waits for one."""
        def find():
            for directory in self.attempts(state):
                identity = read_json(directory / "shim.json")
                events = directory / "events.jsonl"
                if identity and alive(identity["pid"]) and events.exists() and events.read_text().count("\n") >= 5:
                    return directory, identity["pid"]
            return None
        return wait_until(find, "a running trainer")


def steps_sweep(name="steps", seeds=1, **parameters):
    """A sweep for trainers/steps.py: `steps` steps, each a metric, a checkpoint each `checkpoint_steps`."""
    values = {"steps": 60, "checkpoint_steps": 20, "step_ms": 20, **parameters}
    return {"name": name, "method": "grid", "metric": {"name": "val/loss", "goal": "minimize"},
            "parameters": {key: {"value": value} for key, value in values.items()},
            "plasa": {"trainer": "steps", "seeds": seeds}}
