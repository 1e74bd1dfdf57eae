#!/usr/bin/env python3
"""Ten times the points that the coordinator stores, and clients that ask without pause: `overload.py [SECONDS]`. It neither grows nor
loses a point, and no worker is taken for silent."""

import http.client
import re
import sys
import threading
import time
import unittest
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

from harness import Cluster, trainer, wait_until
from listeners_under_attack import address_of

SECONDS = 12
TRIALS, NAMES = 4, 8
MEASURED_EVENTS = 20_000  # of each trial, to find what is stored a second
TIMES = 10
EMITTED_SHARE = 0.2  # of the storm trainers write at ten times the rate; the rest of it the coordinator works off what they wrote
GROWTH_MIB = 256
READERS, STREAMS = 6, 40


def flood_spec(name, steps, rate):
    return {"name": name, "method": "grid", "metric": {"name": "m0", "goal": "minimize"},
            "parameters": {"steps": {"value": steps}, "names": {"value": NAMES}, "rate": {"value": rate}},
            "plasa": {"trainer": "flood", "seeds": TRIALS, "lost_after": "10s"}}


class Watch:
    """What /metrics and the kernel say of the coordinator."""

    def __init__(self, cluster):
        self.url, self.pid = cluster.endpoints["http"] + "/metrics", cluster.coordinator.process.pid
        self.rss = []

    def figures(self):
        with urllib.request.urlopen(self.url, timeout=120) as answer:
            text = answer.read().decode()
        return {name: float(value) for name, value in re.findall(r"^(\w+(?:\{.*?\})?) (\S+)$", text, re.M)}

    def stored(self):
        return self.figures().get('plasa_points_total{what="ingested"}', 0)

    def note_memory(self):
        self.rss.append(int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text()).group(1)) / 1024)

    def growth_mib(self):
        return max(self.rss) - self.rss[0]


def renewals_within(figures, before, share):
    """The bound of /metrics' buckets below which `share` of the renewals since `before` were answered, in seconds."""
    counts = {}
    for name, value in figures.items():
        bucket = re.fullmatch(r'plasa_rpc_seconds_bucket\{method="Renew",le="(.*)"\}', name)
        if bucket:
            counts[float(bucket.group(1))] = value - before.get(name, 0)
    return min(bound for bound, count in counts.items() if count >= share * max(counts.values()))


class Overload(unittest.TestCase):
    def sustained(self, cluster, watch):
        """Events a second that are stored when trainers report as fast as they can, and nobody asks anything."""
        began, before = time.monotonic(), watch.stored()
        cluster.wait(cluster.submit(flood_spec("measure", MEASURED_EVENTS, 0)))
        return (watch.stored() - before) / NAMES / (time.monotonic() - began)

    def ask(self, cluster, sweep, stop, counts):
        """A dashboard that reloads without pause."""
        token = (cluster.state / "tokens" / "admin").read_text().strip()
        trials = [trial["id"] for trial in cluster.trials(sweep)]
        pages = ["/api/v1/sweeps", f"/api/v1/sweeps/{sweep}", f"/api/v1/sweeps/{sweep}/curves?metric=m0", "/api/v1/workers",
                 *(f"/api/v1/trials/{trial}/metrics?name=m0&points=500" for trial in trials)]
        while not stop.is_set():
            connection = http.client.HTTPConnection(*address_of(cluster.endpoints["http"]), timeout=60)
            try:
                for page in pages:
                    connection.request("GET", page, headers={"Authorization": f"Bearer {token}"})
                    answer = connection.getresponse()
                    answer.read()
                    counts[answer.status] = counts.get(answer.status, 0) + 1
            except (OSError, http.client.HTTPException):
                counts["cut"] = counts.get("cut", 0) + 1
            finally:
                connection.close()

    def call(self, cluster, sweep, stop, counts):
        """Command lines that list and show without pause."""
        while not stop.is_set():
            for words in (["list"], ["show", sweep]):
                code = cluster.ctl(*words, check=None).returncode
                counts[f"exit {code}"] = counts.get(f"exit {code}", 0) + 1

    @contextmanager
    def askers(self, cluster, sweep):
        """Everybody who asks; half of the event streams are never read."""
        stop, counts = threading.Event(), {}
        threads = [threading.Thread(target=self.ask, args=(cluster, sweep, stop, counts)) for _ in range(READERS)]
        threads += [threading.Thread(target=self.call, args=(cluster, sweep, stop, counts)) for _ in range(2)]
        token = (cluster.state / "tokens" / "admin").read_text().strip()
        with ExitStack() as stack:
            for i in range(STREAMS):
                stream = http.client.HTTPConnection(*address_of(cluster.endpoints["http"]))
                stack.callback(stream.close)
                stream.request("GET", "/api/v1/stream", headers={"Authorization": f"Bearer {token}"})
                if i % 2:
                    threads.append(threading.Thread(target=self.drain, args=(stream, stop), daemon=True))
            stack.callback(lambda: [thread.join(60) for thread in threads])
            stack.callback(stop.set)
            for thread in threads:
                thread.start()
            yield counts

    def drain(self, stream, stop):
        try:
            answer = stream.getresponse()
            while not stop.is_set() and answer.read1(65536):
                pass
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            pass  # a stream that was too slow is closed

    def judge_points(self, cluster, trial, whole):
        """Stored are all events of a trial, each once."""
        for name in ("m0", f"m{NAMES - 1}"):
            points = [(int(float(row["step"])), float(row["value"])) for row in cluster.metrics(trial, name)]
            self.assertEqual(points, [(step, step) for step in range(1, len(points) + 1)], trial)
            self.assertEqual(len(points), whole)

    def judge_figures(self, figures):
        self.assertEqual(figures['plasa_workers{state="silent"}'], 0)
        self.assertEqual(figures['plasa_leases_total{what="expired"}'], 0)
        refused = [name for name in figures if name.startswith("plasa_rpc_total") and '"Renew"' in name and '"OK"' not in name]
        self.assertEqual(refused, [], "renewals were refused")

    def storm(self, cluster, watch, sweep):
        began, before = time.monotonic(), watch.stored()
        with self.askers(cluster, sweep) as counts:
            def over():
                watch.note_memory()
                self.judge_figures(watch.figures())
                return time.monotonic() - began > SECONDS
            wait_until(over, "the end of the storm", limit_s=SECONDS + 60)
            rate = (watch.stored() - before) / NAMES / (time.monotonic() - began)
        return rate, counts

    def test_ten_times_too_much(self):
        with Cluster(slots=TRIALS, trainers={"flood": trainer("flood.py")}) as cluster:
            watch = Watch(cluster)
            sustained = self.sustained(cluster, watch)
            events = int(TIMES * sustained * EMITTED_SHARE * SECONDS / TRIALS)
            watch.note_memory()
            before = watch.figures()
            sweep = cluster.submit(flood_spec("storm", events, int(TIMES * sustained / TRIALS)))
            wait_until(lambda: watch.stored() > before['plasa_points_total{what="ingested"}'], "the first points")
            in_storm, counts = self.storm(cluster, watch, sweep)
            figures = watch.figures()
            cluster.ctl("wait", sweep, timeout=SECONDS * 60)
            watch.note_memory()
            self.judge_figures(watch.figures())
            cluster.coordinator.kill()
            cluster.start_coordinator()
            reading = Watch(cluster)
            reading.note_memory()
            for trial in cluster.trials(sweep):
                self.assertEqual((trial["state"], len(trial["attempts"])), ("succeeded", 1))
                self.judge_points(cluster, trial["id"], events)
                reading.note_memory()
            print(f"stored {sustained:.0f} events a second ({NAMES} points each) undisturbed, {in_storm:.0f} in the storm of {SECONDS} s; "
                  f"{TRIALS * events} events offered at {TIMES} times that; asked: {counts}; memory grew by {watch.growth_mib():.0f} MiB "
                  f"from {watch.rss[0]:.0f}; 99 % of renewals within {renewals_within(figures, before, 0.99)} s")
            self.assertLessEqual(watch.growth_mib(), GROWTH_MIB)
            self.assertLessEqual(reading.growth_mib(), GROWTH_MIB, "when all points are asked for")


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        SECONDS = int(sys.argv.pop(1))
    unittest.main(verbosity=2)
