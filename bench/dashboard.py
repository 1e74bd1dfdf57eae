#!/usr/bin/env python3
"""The dashboard over many trials: how long its panels' requests take, and until the sweep's page is painted.

    bench/dashboard.py [--bin build/release/bin] [--trials 180 1800] [--requests 40]

For each number of trials a real coordinator and worker run a sweep (18 cells, equal seeds) of a small C program that writes
2,000 points and a result (dashboard_filler.c). Then each request that a panel makes is sent `--requests` times on one
connection, one after the other, and a fresh chromium opens the page five times (dashboard_paint.mjs). Prints one line of
JSON for each number of trials; milliseconds: the first answer, p50 and p95 of those after it, and the coordinator's processor
time for one, which other work on the machine hardly changes. `load` is what else the machine did.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
CELLS = {"schedule": ["dense_baseline", "uniform_sparse", "dense_to_sparse", "aggressive_middle", "progressive_sparse", "reverse_progressive"],
         "seq_len": [64, 256, 1024]}


def compile_filler(directory):
    program = Path(directory) / "filler"
    subprocess.run(["cc", "-O2", "-o", program, ROOT / "bench" / "dashboard_filler.c", "-lm"], check=True)
    return program


def sweep(trials):
    return {"name": "many", "method": "grid", "metric": {"name": "val/loss", "goal": "minimize"},
            "parameters": {name: {"values": values} for name, values in CELLS.items()},
            "plasa": {"trainer": "filler", "seeds": trials // 18, "contrasts": "exp3"}}


def percentile(sorted_ms, share):
    return round(sorted_ms[min(len(sorted_ms) - 1, int(share * len(sorted_ms)))], 1)


class Api:
    """One connection of a logged-in browser."""

    def __init__(self, link):
        url = urlsplit(link)
        self.connection = http.client.HTTPConnection(url.hostname, url.port, timeout=600)
        self.connection.request("GET", f"{url.path}?{url.query}")
        reply = self.connection.getresponse()
        reply.read()
        self.headers = {"Cookie": reply.getheader("Set-Cookie").split(";")[0], "Accept-Encoding": "gzip"}

    def get(self, path):
        """Body and milliseconds."""
        begin = time.perf_counter()
        self.connection.request("GET", f"/api/v1{path}", headers=self.headers)
        reply = self.connection.getresponse()
        body = reply.read()
        took = 1000 * (time.perf_counter() - begin)
        assert reply.status == 200, (path, reply.status)
        return body, took


def cpu_ms(pid):
    """Processor time of a process so far, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(api, pid, sweep_id, trial, requests):
    panels = {"sweeps": "/sweeps?limit=500", "sweep": f"/sweeps/{sweep_id}?trials=rows", "bands": f"/sweeps/{sweep_id}/bands?points=200",
              "bands zoomed": f"/sweeps/{sweep_id}/bands?points=200&from=500&to=700", "costs": f"/sweeps/{sweep_id}/costs", "verdicts": f"/sweeps/{sweep_id}/verdicts",
              "trial": f"/trials/{trial}", "metrics": f"/trials/{trial}/metrics?points=600", "log": f"/trials/{trial}/log",
              "workers": "/workers", "events": "/events?limit=200"}
    figures = {}
    for name, path in panels.items():
        body, first = api.get(path)
        before = cpu_ms(pid)
        times = sorted(api.get(path)[1] for _ in range(requests))
        cpu = (cpu_ms(pid) - before) / requests
        figures[name] = {"first": round(first, 1), "p50": percentile(times, 0.5), "p95": percentile(times, 0.95),
                         "cpu": round(cpu, 1), "bytes": len(body)}
    return figures


def bench(harness, trials, requests):
    with harness.Cluster(slots=2, worker=False) as cluster:
        cluster.trainers = {"filler": compile_filler(cluster.temp.name)}
        cluster.add_worker(cluster.state, 2)
        begin = time.monotonic()
        submitted = cluster.submit(sweep(trials))
        subprocess.run([harness.BIN / "plasactl", "--state", cluster.state, "wait", submitted], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        filled = time.monotonic() - begin
        link = lambda: cluster.ctl("dashboard", "-q").stdout.strip()
        api = Api(link())
        trial = json.loads(api.get(f"/sweeps/{submitted}")[0])["trials"][0]["id"]
        load = round(os.getloadavg()[0], 1)
        figures = measure(api, cluster.coordinator.process.pid, submitted, trial, requests)
        paint = subprocess.run(["node", ROOT / "bench" / "dashboard_paint.mjs", link(), f"/sweeps/{submitted}"], check=True,
                               stdout=subprocess.PIPE, text=True).stdout
        return {"v": 1, "trials": trials, "points": 2000 * trials, "filled_s": round(filled, 1), "load": load,
                "requests_ms": figures, "page_ms": json.loads(paint)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=Path, default=Path(os.environ.get("PLASA_BIN", ROOT / "build" / "release" / "bin")),
                        help="directory of plasa's programs")
    parser.add_argument("--trials", type=int, nargs="+", default=[180, 1800], help="multiples of 18")
    parser.add_argument("--requests", type=int, default=40)
    options = parser.parse_args()
    os.environ["PLASA_BIN"] = str(options.bin.resolve())
    sys.path.insert(0, str(ROOT / "tests" / "e2e"))
    import harness  # reads PLASA_BIN

    for trials in options.trials:
        print(json.dumps(bench(harness, trials, options.requests)), flush=True)


if __name__ == "__main__":
    main()
