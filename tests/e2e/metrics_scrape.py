#!/usr/bin/env python3
"""/metrics of a live coordinator: promtool finds nothing to complain about, a real Prometheus scrapes it, tokens are asked for."""

import shutil
import sys
import unittest
from pathlib import Path

from harness import Cluster, steps_sweep, trainer, wait_until
from prometheus_process import PrometheusProcess, check_metrics, get
from second_host import own_address


def token(cluster, scope):
    return (cluster.state / "tokens" / scope).read_text().strip()


def run_two_trials(cluster):
    sweep = cluster.submit(steps_sweep(seeds=2, steps=20, step_ms=1))
    cluster.wait(sweep)
    return sweep


class MetricsScrape(unittest.TestCase):
    def test_live_scrape(self):
        with Cluster(slots=2, trainers={"steps": trainer("steps.py")}) as cluster:
            sweep = run_two_trials(cluster)
            url = cluster.endpoints["http"] + "/metrics"
            ended = 'plasa_trials{state="succeeded"} 2'
            text = wait_until(lambda: (lambda t: t if ended in t and "plasa_best_objective" in t else None)(get(url)[1]),
                              "the gauges to show the end")
            self.assertEqual(check_metrics(text), (0, ""))
            self.assertIn('plasa_points_total{what="ingested"} 40', text)
            self.assertEqual(get(url, token(cluster, "metrics"))[0], 200)
            self.scrape(cluster, sweep)

    def scrape(self, cluster, sweep):
        target = cluster.endpoints["http"].removeprefix("http://")
        with PrometheusProcess(Path(cluster.temp.name) / "prometheus", target, cluster.state / "tokens" / "metrics") as prometheus:
            info = wait_until(lambda: prometheus.query("plasa_build_info"), "the first scrape")
            self.assertEqual((info[0][0]["job"], info[0][1]), ("plasa", 1))
            trials = {labels["state"]: value for labels, value in prometheus.query("plasa_trials")}
            self.assertEqual((trials["succeeded"], trials["queued"], trials["failed"]), (2, 0, 0))
            self.assertEqual([labels["sweep"] for labels, _ in prometheus.query("plasa_best_objective")], [sweep])
            self.assertEqual(prometheus.query("up"), [(prometheus.query("up")[0][0], 1)])
            wait_until(lambda: prometheus.query("plasa:trials:open"), "the recording rules")
            self.assertEqual(prometheus.api("alerts")["alerts"], [])

    def test_a_caller_from_elsewhere_needs_the_token(self):
        address = own_address()
        if address is None:
            self.skipTest("SKIPPED: this machine has no address but loopback")
        cluster = Cluster(worker=False)
        cluster.coordinator.arguments[-1:] = [f"{address}:0:0", "--insecure-network"]
        with cluster:
            url = cluster.endpoints["http"] + "/metrics"
            self.assertEqual(get(url)[0], 401)
            self.assertEqual(get(url, "not-a-token")[0], 401)
            self.assertEqual(get(url, token(cluster, "worker"))[0], 403)
            self.assertEqual(get(url, token(cluster, "metrics"))[0], 200)
            self.assertEqual(get(cluster.endpoints["http"] + "/api/v1/sweeps", token(cluster, "metrics"))[0], 403)
            self.assertEqual(get(cluster.endpoints["http"] + "/healthz"), (200, "ok"))


if __name__ == "__main__":
    if shutil.which("prometheus") is None:
        print("SKIPPED: prometheus and promtool are not installed (apt-get install prometheus)")
        sys.exit(77)
    unittest.main(verbosity=2)
