#!/usr/bin/env python3
"""Dispatch: N no-op trials through S slots of a real coordinator and worker, next to `xargs -P S` on /bin/true.

    bench/dispatch.py [--bin build/release/bin] [--trials 1000] [--slots 2]

The trainer is a small C program (compiled here) that appends a start and a result event. Both are run one after the other on
the same machine; the ratio is plasa's wall time over that of xargs. Durable all the way: each trial costs a committed lease,
reported events, a committed end, and an fsynced exit record. Prints one line of JSON; `load` is what else the machine did.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "bench" / "dispatch_noop.c"


def compile_noop(directory):
    program = Path(directory) / "noop"
    subprocess.run(["cc", "-O2", "-static", "-o", program, SOURCE], check=True)
    return program


def sweep(trials):
    return {"name": "dispatch", "method": "grid", "parameters": {"x": {"value": 1}},
            "plasa": {"trainer": "noop", "seeds": trials}}


def online(cluster):
    return '"online"' in cluster.ctl("worker", "list", "-o", "json").stdout


def time_plasa(harness, trials, slots):
    """Seconds from the submit to the end of the last trial; daemons are up before, as xargs' shell is."""
    with harness.Cluster(slots=slots, worker=False) as cluster:
        cluster.trainers = {"noop": compile_noop(cluster.temp.name)}
        cluster.add_worker(cluster.state, slots)
        harness.wait_until(lambda: online(cluster), "the worker")
        begin = time.monotonic()
        submitted = cluster.submit(sweep(trials))
        # A bench may take longer than what the harness takes for a hang.
        subprocess.run([harness.BIN / "plasactl", "--state", cluster.state, "wait", submitted], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seconds = time.monotonic() - begin
        states = [trial["state"] for trial in cluster.trials(submitted)]
        assert states == ["succeeded"] * trials, f"{states.count('succeeded')} of {trials} succeeded"
        return seconds


def time_xargs(trials, slots):
    begin = time.monotonic()
    subprocess.run(f"seq {trials} | xargs -P{slots} -n1 /bin/true", shell=True, check=True)
    return time.monotonic() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=Path, default=Path(os.environ.get("PLASA_BIN", ROOT / "build" / "release" / "bin")),
                        help="directory of plasa's programs")
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--slots", type=int, default=2)
    options = parser.parse_args()
    os.environ["PLASA_BIN"] = str(options.bin.resolve())
    sys.path.insert(0, str(ROOT / "tests" / "e2e"))
    import harness  # reads PLASA_BIN

    load = round(os.getloadavg()[0], 1)
    xargs_s = time_xargs(options.trials, options.slots)
    plasa_s = time_plasa(harness, options.trials, options.slots)
    print(json.dumps({"v": 1, "trials": options.trials, "slots": options.slots, "cores": os.cpu_count(), "load": load,
                      "plasa_s": round(plasa_s, 3), "plasa_trials_per_s": round(options.trials / plasa_s, 1),
                      "xargs_s": round(xargs_s, 3), "xargs_per_s": round(options.trials / xargs_s, 1),
                      "ratio": round(plasa_s / xargs_s, 2)}))


if __name__ == "__main__":
    main()
