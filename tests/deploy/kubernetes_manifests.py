#!/usr/bin/env python3
"""The Kubernetes manifests: plain YAML, objects whose parts fit together, and options that the programs have."""

import unittest

from plain_yaml import NotPlain, documents
from shipped import DEPLOY, options_of

DIRECTORY = DEPLOY / "kubernetes"
VERSIONS = {"Service": "v1", "Secret": "v1", "StatefulSet": "apps/v1", "Deployment": "apps/v1",
            "NetworkPolicy": "networking.k8s.io/v1", "Kustomization": "kustomize.config.k8s.io/v1beta1"}
CONTAINER_KEYS = {"name", "image", "args", "ports", "startupProbe", "readinessProbe", "livenessProbe", "resources",
                  "securityContext", "volumeMounts"}
POD_KEYS = {"terminationGracePeriodSeconds", "automountServiceAccountToken", "securityContext", "containers", "volumes"}


def load():
    """{(kind, name): object} of all manifests."""
    objects = {}
    for file in sorted(DIRECTORY.glob("*.yaml")):
        for value in documents(file.read_text()):
            key = (value["kind"], value.get("metadata", {}).get("name", file.name))
            assert key not in objects, f"{key} is there twice"
            objects[key] = value
    return objects


class KubernetesManifests(unittest.TestCase):
    def setUp(self):
        self.objects = load()
        self.coordinator = self.objects["StatefulSet", "plasa-coordinator"]["spec"]
        self.worker = self.objects["Deployment", "plasa-worker"]["spec"]
        self.service = self.objects["Service", "plasa-coordinator"]["spec"]

    def container(self, workload):
        (container,) = workload["template"]["spec"]["containers"]
        return container

    def test_versions_and_names(self):
        for (kind, name), value in self.objects.items():
            self.assertEqual(value["apiVersion"], VERSIONS[kind], name)
            if kind != "Kustomization":
                self.assertTrue(name.startswith("plasa-"), name)

    def test_only_known_keys(self):
        for workload in (self.coordinator, self.worker):
            self.assertLessEqual(set(workload["template"]["spec"]), POD_KEYS)
            self.assertLessEqual(set(self.container(workload)), CONTAINER_KEYS)

    def test_selectors_find_their_pods(self):
        for workload in (self.coordinator, self.worker):
            self.assertEqual(workload["selector"]["matchLabels"], workload["template"]["metadata"]["labels"])
        labels = self.coordinator["template"]["metadata"]["labels"]
        policy = self.objects["NetworkPolicy", "plasa-coordinator"]["spec"]
        self.assertEqual((self.service["selector"], policy["podSelector"]["matchLabels"]), (labels, labels))
        self.assertEqual(self.coordinator["serviceName"], "plasa-coordinator")

    def test_ports_fit(self):
        there = {port["name"]: port["containerPort"] for port in self.container(self.coordinator)["ports"]}
        self.assertEqual({port["targetPort"]: port["port"] for port in self.service["ports"]}, there)
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            self.assertEqual(self.container(self.coordinator)[probe]["httpGet"], {"path": "/healthz", "port": "http"})
        args = self.container(self.worker)["args"]
        self.assertEqual(args[args.index("--coordinator") + 1], f"plasa-coordinator:{there['grpc']}")

    def test_volumes_are_there(self):
        for workload in (self.coordinator, self.worker):
            known = {volume["name"] for volume in workload["template"]["spec"].get("volumes", [])}
            known |= {claim["metadata"]["name"] for claim in workload.get("volumeClaimTemplates", [])}
            self.assertEqual({mount["name"] for mount in self.container(workload)["volumeMounts"]}, known)
        (token,) = [v for v in self.worker["template"]["spec"]["volumes"] if v["name"] == "token"]
        self.assertIn(("Secret", token["secret"]["secretName"]), self.objects)

    def test_one_coordinator(self):
        self.assertEqual(self.coordinator["replicas"], 1)

    def test_options_exist(self):
        for workload, program in ((self.coordinator, "plasa-coordinator"), (self.worker, "plasa-worker")):
            used = {word for word in self.container(workload)["args"] if word.startswith("--")}
            self.assertLessEqual(used, options_of(program))

    def test_kustomization_names_every_manifest(self):
        named = set(self.objects["Kustomization", "kustomization.yaml"]["resources"])
        there = {file.name for file in DIRECTORY.glob("*.yaml")} - {"kustomization.yaml", "worker-token.example.yaml"}
        self.assertEqual(named, there)


class PlainYaml(unittest.TestCase):
    def test_reads(self):
        self.assertEqual(documents("a: 1\nb:\n  - x: \"1\"\n    y: 0440\n  - z\n---\nc: true\n"),
                         [{"a": 1, "b": [{"x": "1", "y": 0o440}, "z"]}, {"c": True}])

    def test_refuses_what_readers_may_read_differently(self):
        for text in ("a: 1\na: 2\n", "a:\n   b: 1\n", "a: [1]\n", "a: *b\n", "a:\n", "a: \t1\n", "a: 1\n  b: 2\n"):
            with self.subTest(text), self.assertRaises(NotPlain):
                documents(text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
