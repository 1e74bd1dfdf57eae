#!/usr/bin/env python3
"""Scrape config, recording rules and alerts as promtool reads them; each alert has a case that fires and one that does not."""

import re
import shutil
import tempfile
import unittest
from pathlib import Path

from shipped import DEPLOY, need, output_of

PROMETHEUS = DEPLOY / "prometheus"


class PrometheusRules(unittest.TestCase):
    def promtool(self, *arguments, cwd=PROMETHEUS):
        code, text = output_of("promtool", *arguments, cwd=cwd)
        self.assertEqual(code, 0, text)
        self.assertNotIn("WARNING", text.upper())

    def test_config(self):
        with tempfile.TemporaryDirectory() as directory:
            for file in PROMETHEUS.glob("*.yml"):
                shutil.copy(file, directory)
            (Path(directory) / "plasa-metrics.token").write_text("a token\n")
            self.promtool("check", "config", "prometheus.yml", cwd=directory)

    def test_rules(self):
        self.promtool("check", "rules", "rules.yml", "alerts.yml")

    def test_alerts_fire_and_do_not(self):
        self.promtool("test", "rules", "alerts_test.yml")

    def test_every_alert_has_both_cases(self):
        alerts = re.findall(r"alert: (\w+)", (PROMETHEUS / "alerts.yml").read_text())
        names = re.findall(r"- name: (.*)", (PROMETHEUS / "alerts_test.yml").read_text())
        self.assertEqual(sorted(names), sorted(f"{alert} {what}" for alert in alerts for what in ("fires", "is quiet")))


if __name__ == "__main__":
    need("promtool", "prometheus")
    unittest.main(verbosity=2)
