"""A real Prometheus that scrapes a coordinator with the shipped configuration."""

import json
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from harness import HERE, Daemon, wait_until

SHIPPED = HERE.parent.parent / "deploy" / "prometheus"


def adapted(text, target, token_file):
    """The shipped prometheus.yml for another target, token file and a shorter interval; each is there exactly once."""
    for old, new in (('"127.0.0.1:7311"', f'"{target}"'), ("plasa-metrics.token\n    static", f"{token_file}\n    static"),
                     ("scrape_interval: 15s", "scrape_interval: 1s"), ("evaluation_interval: 15s", "evaluation_interval: 1s")):
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        text = text.replace(old, new)
    return text


def get(url, token=None):
    """(status, text) of a GET."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class PrometheusProcess:
    """Debian's `prometheus` in a directory of its own; ended on exit."""

    def __init__(self, directory, target, token_file):
        self.directory = Path(directory)
        self.directory.mkdir()
        for name in ("rules.yml", "alerts.yml"):
            (self.directory / name).write_text((SHIPPED / name).read_text())
        config = self.directory / "prometheus.yml"
        config.write_text(adapted((SHIPPED / "prometheus.yml").read_text(), target, token_file))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{probe.getsockname()[1]}"
        self.daemon = Daemon(["prometheus", f"--config.file={config}", f"--storage.tsdb.path={self.directory / 'data'}",
                              f"--web.listen-address={self.address}"], self.directory / "log")

    def __enter__(self):
        self.daemon.start()
        try:
            wait_until(self.ready, "prometheus to serve")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.daemon.stop()

    def ready(self):
        if not self.daemon.running():
            raise AssertionError(f"prometheus ended:\n{self.daemon.tail()}")
        try:
            return get(f"http://{self.address}/-/ready")[0] == 200
        except OSError:
            return False

    def api(self, path, **parameters):
        status, text = get(f"http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}")
        answer = json.loads(text)
        assert answer["status"] == "success", f"{status}: {text}"
        return answer["data"]

    def query(self, expression):
        """Series of an instant query: [(labels, value)]."""
        return [(row["metric"], float(row["value"][1])) for row in self.api("query", query=expression)["result"]]


def check_metrics(text):
    """(exit code, complaints) of `promtool check metrics`."""
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr
