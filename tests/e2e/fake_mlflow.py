"""A tracking server in MLflow's place, as strict as one: REST API 2.0, its limits, its types, its refusals. It keeps what it gets: a
point that is sent twice is there twice. Standard library only."""

import http.server
import itertools
import json
import posixpath
import re
import threading
import urllib.parse

KEY = re.compile(r"[A-Za-z0-9_\-. /:]{1,250}")
FOUND = re.compile(r"tags\.`([^`]+)` = '([^']*)'")
STATUSES = ("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED")


class Refusal(Exception):
    def __init__(self, text, word="INVALID_PARAMETER_VALUE", status=400):
        super().__init__(text)
        self.word, self.status = word, status


def must(condition, text):
    if not condition:
        raise Refusal(text)


def is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


def check_key(key):
    must(isinstance(key, str) and KEY.fullmatch(key), f"the name {key!r}")
    plain = posixpath.normpath(key)
    must(plain == key and plain != "." and not plain.startswith(("..", "/")), f"{key!r} would resolve to {plain!r}")


def check_pair(pair, longest):
    check_key(pair.get("key"))
    must(isinstance(pair.get("value"), str) and len(pair["value"]) <= longest, f"the value of {pair['key']}")


def check_metric(metric):
    check_key(metric.get("key"))
    value = metric.get("value")
    must(value in ("NaN", "Infinity", "-Infinity") or (isinstance(value, (int, float)) and not isinstance(value, bool)), f"the value {value!r}")
    must(is_whole(metric.get("timestamp")) and metric["timestamp"] > 10**12, f"the timestamp {metric.get('timestamp')!r}")
    must(is_whole(metric.get("step")), f"the step {metric.get('step')!r}")


class FakeMlflow:
    """`experiments`: id by name. `runs`: by id. `cut_after`: so many batches of points are answered; the connection ends after the next is stored."""

    def __init__(self, prefix=""):
        self.prefix, self.experiments, self.runs = prefix, {}, {}
        self.cut_after = self.authorization = None
        self.stuck = False  # reads requests and says nothing
        self.ids = itertools.count(1)
        self.done = threading.Event()

    def __enter__(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *a: Handler(self, *a))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}{self.prefix}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.server.shutdown()
        self.server.server_close()

    def active(self):
        return [run for run in self.runs.values() if run["stage"] == "active"]

    def run_of(self, body):
        run = self.runs.get(body.get("run_id"))
        if run is None:
            raise Refusal("no such run", "RESOURCE_DOES_NOT_EXIST", 404)
        must(run["stage"] == "active", "the run must be in the 'active' state")
        return run

    def get_by_name(self, body):
        name = body.get("experiment_name")
        if name not in self.experiments:
            raise Refusal(f"no experiment {name}", "RESOURCE_DOES_NOT_EXIST", 404)
        return {"experiment": {"experiment_id": self.experiments[name], "name": name, "lifecycle_stage": "active"}}

    def create_experiment(self, body):
        must(isinstance(body.get("name"), str) and body["name"], "name")
        if body["name"] in self.experiments:
            raise Refusal("exists", "RESOURCE_ALREADY_EXISTS")
        self.experiments[body["name"]] = str(next(self.ids))
        return {"experiment_id": self.experiments[body["name"]]}

    def create_run(self, body):
        must(body.get("experiment_id") in self.experiments.values(), "experiment_id")
        must(is_whole(body.get("start_time")) and isinstance(body.get("run_name"), str), "start_time, run_name")
        run = {"id": f"run{next(self.ids)}", "experiment": body["experiment_id"], "name": body["run_name"], "status": "RUNNING", "stage": "active",
               "start": body["start_time"], "end": None, "tags": {}, "params": {}, "metrics": [], "names": [body["run_name"]]}
        for tag in body.get("tags", []):
            check_pair(tag, 5000)
            run["tags"][tag["key"]] = tag["value"]
        self.runs[run["id"]] = run
        return {"run": self.shown(run)}

    def log_batch(self, body):
        run = self.run_of(body)
        metrics, params, tags = body.get("metrics", []), body.get("params", []), body.get("tags", [])
        must(len(metrics) <= 1000 and len(params) <= 100 and len(tags) <= 100 and len(metrics + params + tags) <= 1000, "too many in a batch")
        for param in params:
            check_pair(param, 6000)
            must(run["params"].get(param["key"], param["value"]) == param["value"], f"the param {param['key']} cannot be changed")
        for tag in tags:
            check_pair(tag, 5000)
        for metric in metrics:
            check_metric(metric)
        run["params"].update((p["key"], p["value"]) for p in params)
        run["metrics"] += metrics
        run["tags"].update((t["key"], t["value"]) for t in tags)
        if metrics and self.cut_after is not None:
            self.cut_after -= 1
            if self.cut_after < 0:
                raise ConnectionAbortedError
        return {}

    def search(self, body):
        must(isinstance(body.get("experiment_ids"), list), "experiment_ids")
        tag = FOUND.fullmatch(body["filter"])
        must(tag, f"the filter {body['filter']!r}")
        runs = [r for r in self.active() if r["experiment"] in body["experiment_ids"] and r["tags"].get(tag[1]) == tag[2]]
        return {"runs": [self.shown(run) for run in runs[: body.get("max_results", 1000)]]} if runs else {}

    def update(self, body):
        run = self.run_of(body)
        must(body.get("status", run["status"]) in STATUSES, "status")
        must(is_whole(body.get("end_time", 0)), "end_time")
        run["status"], run["end"] = body.get("status", run["status"]), body.get("end_time", run["end"])
        if "run_name" in body:
            run["name"] = body["run_name"]
            run["names"].append(run["name"])
        return {}

    def delete(self, body):
        self.run_of(body)["stage"] = "deleted"
        return {}

    def shown(self, run):
        """As runs/create and runs/search show it: of each metric the point of the greatest step."""
        last = {}
        for metric in sorted(run["metrics"], key=lambda m: m["step"]):
            last[metric["key"]] = metric
        info = {"run_id": run["id"], "run_name": run["name"], "status": run["status"], "start_time": run["start"], "lifecycle_stage": run["stage"]}
        if run["end"]:
            info["end_time"] = run["end"]
        pairs = lambda all: [{"key": key, "value": value} for key, value in all.items()]  # noqa: E731
        return {"info": info, "data": {"metrics": list(last.values()), "params": pairs(run["params"]), "tags": pairs(run["tags"])}}


CALLS = {
    ("GET", "experiments/get-by-name"): FakeMlflow.get_by_name, ("POST", "experiments/create"): FakeMlflow.create_experiment,
    ("POST", "runs/create"): FakeMlflow.create_run, ("POST", "runs/log-batch"): FakeMlflow.log_batch, ("POST", "runs/search"): FakeMlflow.search,
    ("POST", "runs/update"): FakeMlflow.update, ("POST", "runs/delete"): FakeMlflow.delete,
}


class Handler(http.server.BaseHTTPRequestHandler):
    def __init__(self, fake, *arguments):
        self.fake = fake
        super().__init__(*arguments)

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind="application/json"):
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def asked(self, url):
        if self.command == "GET":
            return {name: values[0] for name, values in urllib.parse.parse_qs(url.query).items()}
        size = int(self.headers["Content-Length"])
        must(size <= 1_000_000 and self.headers["Content-Type"] == "application/json", "a body of JSON, 1 MB at most")
        return json.loads(self.rfile.read(size), parse_constant=lambda word: must(False, f"{word} is not JSON"))

    def serve(self):
        url = urllib.parse.urlsplit(self.path)
        call = CALLS.get((self.command, url.path.removeprefix(f"{self.fake.prefix}/api/2.0/mlflow/")))
        if call is None or not url.path.startswith(f"{self.fake.prefix}/api/"):
            return self.answer(404, "<!doctype html><title>404 Not Found</title>", "text/html")
        if self.fake.stuck:
            return self.fake.done.wait()
        if self.fake.authorization and self.headers["Authorization"] != self.fake.authorization:
            return self.answer(401, "You are not authenticated.", "text/html")
        try:
            self.answer(200, json.dumps(call(self.fake, self.asked(url))))
        except Refusal as refusal:
            self.answer(refusal.status, json.dumps({"error_code": refusal.word, "message": str(refusal)}))
        except ConnectionAbortedError:
            self.close_connection = True

    do_GET = do_POST = serve
