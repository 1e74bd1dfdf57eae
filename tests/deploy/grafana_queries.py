#!/usr/bin/env python3
"""Every query of the Grafana dashboard and of the alerts, asked of a real Prometheus that scrapes a real coordinator."""

import json
import re
import unittest
from pathlib import Path

from shipped import DEPLOY, need

from harness import Cluster, steps_sweep, trainer, wait_until
from prometheus_process import PrometheusProcess

DASHBOARD = json.loads((DEPLOY / "prometheus" / "grafana-dashboard.json").read_text())
NAME = re.compile(r"\bplasa[_:][\w:]+")


def dashboard_queries():
    return [(panel["title"], target["expr"]) for panel in DASHBOARD["panels"] for target in panel["targets"]]


def alert_queries():
    text = (DEPLOY / "prometheus" / "alerts.yml").read_text()
    return re.findall(r"- alert: (\w+)\n +expr: (.*)", text)


class GrafanaQueries(unittest.TestCase):
    def test_layout(self):
        panels = DASHBOARD["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        places = set()
        for panel in panels:
            box = panel["gridPos"]
            for x in range(box["x"], box["x"] + box["w"]):
                for y in range(box["y"], box["y"] + box["h"]):
                    self.assertLess(x, 24)
                    self.assertNotIn((x, y), places, panel["title"])
                    places.add((x, y))

    def test_queries_against_a_real_scrape(self):
        with Cluster(slots=1, trainers={"steps": trainer("steps.py")}) as cluster:
            cluster.wait(cluster.submit(steps_sweep(steps=5, step_ms=1)))
            target = cluster.endpoints["http"].removeprefix("http://")
            token = cluster.state / "tokens" / "metrics"
            with PrometheusProcess(Path(cluster.temp.name) / "prometheus", target, token) as prometheus:
                self.ask(prometheus)

    def ask(self, prometheus):
        # A rate needs two scrapes.
        names = wait_until(lambda: self.complete(prometheus), "two scrapes and the recording rules")
        for where, expression in [*dashboard_queries(), *alert_queries()]:
            with self.subTest(where):
                for name in NAME.findall(expression):
                    self.assertIn(name, names)
                prometheus.query(expression.replace("$instance", ".*"))

    def complete(self, prometheus):
        names = set(prometheus.api("label/__name__/values"))
        wanted = {name for _, expression in dashboard_queries() for name in NAME.findall(expression) if name.startswith("plasa:")}
        return names if wanted <= names else None


if __name__ == "__main__":
    need("prometheus", "prometheus")
    unittest.main(verbosity=2)
