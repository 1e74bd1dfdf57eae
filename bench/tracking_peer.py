#!/usr/bin/env python3
"""plasa's dashboard beside TensorBoard's and Trackio's, over the same points, one after the other in one run.

    bench/tracking_peer.py --python VENV/bin/python [--bin build/release/bin] [--trials 180 1800] [--requests 40] [--peers tensorboard trackio]

VENV has `pip install tensorboard trackio`; chromium and `npm ci --prefix tests/web` are needed. For each number of trials a real
coordinator and worker run a sweep of trials with 2,000 points each (dashboard.py). The points go to TensorBoard as
`plasactl export --format tfevents` writes them, and to Trackio by its own bulk_log. Of each: seconds until a page shows all runs,
first contentful paint and curves of a fresh browser (page_cost.mjs), bytes, memory, and the requests of their pages: the first
answer and p95 of those after it, in milliseconds. Prints one line of JSON for each of them as it comes; `page` is null where no
curves came within five minutes.
"""

import argparse
import contextlib
import gzip
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import dashboard

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 900


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def page(url, selector, login=None, rounds=5):
    done = subprocess.run(["node", ROOT / "bench" / "page_cost.mjs", url, selector, str(rounds), *([login] if login else [])], stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout) if done.returncode == 0 else None


def fetch(url, body=None):
    """Body and milliseconds."""
    request = urllib.request.Request(url, data=body, headers={"Accept-Encoding": "gzip", "Content-Type": "application/json"})
    begin = time.perf_counter()
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as reply:
        content = reply.read()
        took = 1000 * (time.perf_counter() - begin)
        return gzip.decompress(content) if reply.headers.get("Content-Encoding") == "gzip" else content, took


def requests(urls, count):
    figures = {}
    for name, (url, body) in urls.items():
        content, first = fetch(url, body)
        times = sorted(fetch(url, body)[1] for _ in range(count))
        figures[name] = {"first": round(first, 1), "p95": dashboard.percentile(times, 0.95), "bytes": len(content)}
    return figures


def memory_bytes(pid):
    """Resident memory of a process and its children."""
    total, todo = 0, [pid]
    while todo:
        pid = todo.pop()
        with contextlib.suppress(OSError):
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            for task in Path(f"/proc/{pid}/task").iterdir():
                todo += [int(child) for child in (task / "children").read_text().split()]
    return total


def until(check, what):
    deadline = time.monotonic() + PATIENCE_S
    while True:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            if check():
                return
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited in vain for {what}")
        time.sleep(0.2)


@contextlib.contextmanager
def running(command, **kwargs):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **kwargs)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def of_plasa(cluster, sweep, count):
    link = lambda: cluster.ctl("dashboard", "-q").stdout.strip()
    api = dashboard.Api(link())
    trial = json.loads(api.get(f"/sweeps/{sweep}")[0])["trials"][0]["id"]
    figures = dashboard.measure(api, cluster.coordinator.process.pid, sweep, trial, count)
    origin = link().split("/login")[0]
    return {"memory": memory_bytes(cluster.coordinator.process.pid), "requests_ms": figures, "page": page(f"{origin}/sweeps/{sweep}", "canvas", link())}


def of_tensorboard(python, cluster, sweep, trials, count):
    logs = Path(cluster.temp.name) / "tfevents"
    cluster.ctl("export", sweep, "--format", "tfevents", "--to", str(logs))
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    begin = time.monotonic()
    with running([Path(python).parent / "tensorboard", "--logdir", logs, "--port", str(port), "--host", "127.0.0.1"]) as process:
        tags = lambda: json.loads(fetch(f"{base}/data/plugin/scalars/tags")[0])
        until(lambda: sum("val/loss" in of for of in tags().values()) >= trials, "TensorBoard's runs")
        ready = time.monotonic() - begin
        runs = sorted(tags())
        series = json.dumps([{"plugin": "scalars", "tag": "val/loss"}]).encode()
        boundary = "points"
        form = f'--{boundary}\r\nContent-Disposition: form-data; name="requests"\r\n\r\n{series.decode()}\r\n--{boundary}--\r\n'.encode()
        urls = {"tags": (f"{base}/data/plugin/scalars/tags", None), "runs": (f"{base}/data/runs", None),
                "one run": (f"{base}/data/plugin/scalars/scalars?tag=val%2Floss&run={urllib.parse.quote(runs[0], safe='')}", None)}
        figures = requests(urls, count)
        figures["all runs"] = all_runs(f"{base}/experiment/defaultExperimentId/data/plugin/timeseries/timeSeries", form, boundary, count)
        return {"ready_s": round(ready, 1), "memory": memory_bytes(process.pid), "requests_ms": figures,
                "page": page(f"{base}/?darkMode=false#timeseries", "line-chart canvas, line-chart svg path")}


def all_runs(url, form, boundary, count):
    """What TensorBoard's own page asks for: the curves of one tag, all runs."""
    def once():
        request = urllib.request.Request(url, data=form, headers={"Content-Type": f"multipart/form-data; boundary={boundary}", "Accept-Encoding": "gzip"})
        begin = time.perf_counter()
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as reply:
            return len(reply.read()), 1000 * (time.perf_counter() - begin)
    size, first = once()
    times = sorted(once()[1] for _ in range(min(count, 10)))
    return {"first": round(first, 1), "p95": dashboard.percentile(times, 0.95), "bytes": size}


FILL_TRACKIO = """
import json, sys
from trackio.sqlite_storage import SQLiteStorage
name, steps, metrics = None, [], []
def write():
    if name: SQLiteStorage.bulk_log('many', name, metrics, steps, config={'trial': name})
for line in sys.stdin:
    point = json.loads(line)
    run = point['trial']
    if run != name:
        write()
        name, steps, metrics = run, [], []
    steps.append(point['step']); metrics.append({point['name']: point['value']})
write()
"""


def of_trackio(python, cluster, sweep, trials, count):
    home = Path(cluster.temp.name) / "trackio"
    env = {**os.environ, "TRACKIO_DIR": str(home), "HF_HUB_OFFLINE": "1", "GRADIO_ANALYTICS_ENABLED": "False"}
    begin = time.monotonic()
    export = subprocess.Popen([plasactl(), "--state", cluster.state, "export", sweep, "--format", "jsonl", "--to", "-"], stdout=subprocess.PIPE)
    subprocess.run([python, "-c", FILL_TRACKIO], stdin=export.stdout, env=env, check=True)
    filled = time.monotonic() - begin
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    begin = time.monotonic()
    show = f"import trackio; trackio.show(project='many', open_browser=False, server_port={port}, host='127.0.0.1', block_thread=True)"
    with running([python, "-c", show], env=env) as process:
        until(lambda: fetch(base)[0], "Trackio's page")
        return {"filled_s": round(filled, 1), "ready_s": round(time.monotonic() - begin, 1), "memory": memory_bytes(process.pid),
                "page": page(f"{base}/?project=many", "canvas, svg.marks, .vega-embed svg")}


def plasactl():
    return Path(os.environ["PLASA_BIN"]) / "plasactl"


def bench(harness, trials, options):
    with harness.Cluster(slots=2, worker=False) as cluster:
        cluster.trainers = {"filler": dashboard.compile_filler(cluster.temp.name)}
        cluster.add_worker(cluster.state, 2)
        sweep = cluster.submit(dashboard.sweep(trials))
        subprocess.run([plasactl(), "--state", cluster.state, "wait", sweep], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        peers = {"plasa": lambda: of_plasa(cluster, sweep, options.requests),
                 "tensorboard": lambda: of_tensorboard(options.python, cluster, sweep, trials, options.requests),
                 "trackio": lambda: of_trackio(options.python, cluster, sweep, trials, options.requests)}
        for peer in ["plasa", *options.peers]:
            figures = {"v": 1, "trials": trials, "points": 2000 * trials, "peer": peer, "load": round(os.getloadavg()[0], 1), **peers[peer]()}
            print(json.dumps(figures), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=Path, default=Path(os.environ.get("PLASA_BIN", ROOT / "build" / "release" / "bin")), help="directory of plasa's programs")
    parser.add_argument("--python", required=True, help="an interpreter with tensorboard and trackio")
    parser.add_argument("--trials", type=int, nargs="+", default=[180, 1800], help="multiples of 18")
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--peers", nargs="*", choices=["tensorboard", "trackio"], default=["tensorboard", "trackio"])
    options = parser.parse_args()
    os.environ["PLASA_BIN"] = str(options.bin.resolve())
    sys.path.insert(0, str(ROOT / "tests" / "e2e"))
    import harness  # reads PLASA_BIN

    for trials in options.trials:
        bench(harness, trials, options)


if __name__ == "__main__":
    main()
