#!/usr/bin/env python3
"""Training steps of each sparse schedule of exp3 over those of the dense one, with and without the loss that trains the indexer.

    python3 bench/sparse_cost.py [--sizes 64x8:8,256x8:4,1024x2:4] [--precision f32] [--rounds 2] [--trainer PATH]

A size is LENGTHxBATCH:STEPS. Each round runs every schedule anew between two runs of the dense one, and the fastest step of all rounds counts:
on a machine with other guests, medians of two runs differ by more than the schedules do."""

import argparse
import json
import os
import subprocess
from pathlib import Path

SPARSE = ["uniform_sparse", "dense_to_sparse", "aggressive_middle", "progressive_sparse", "reverse_progressive"]
DENSE = ("dense_baseline", True)


def fastest(options, length, batch, steps, schedule, learns):
    """Milliseconds of the fastest step of one run."""
    command = [options.trainer, "bench", "--preset", "exp3", "--vocab", "49152", "--threads", "2", "--precision", options.precision,
               "--schedule", schedule, "--seq-len", str(length), "--batch", str(batch), "--steps", str(steps), "-o", "json",
               "--set", json.dumps({} if learns else {"indexer_loss": "off"})]
    done = subprocess.run(command, env={**os.environ, "OMP_WAIT_POLICY": "active"}, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["fastest_ms"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="64x8:8,256x8:4,1024x2:4")
    parser.add_argument("--precision", default="f32")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--trainer", default=str(Path(__file__).resolve().parent.parent / "build/release/bin/plasa-trainer"))
    options = parser.parse_args()
    print("| L, batch | schedule | no index loss | with it |\n" + 4 * "|---" + "|")
    for size in options.sizes.split(","):
        shape, steps = size.split(":")
        length, batch = map(int, shape.split("x"))
        best = {}
        for _ in range(options.rounds):
            for case in [DENSE, *((schedule, learns) for schedule in SPARSE for learns in (False, True)), DENSE]:
                best[case] = min(best.get(case, float("inf")), fastest(options, length, batch, int(steps), *case))
        for schedule in SPARSE:
            print(f"| {length}, {batch} | {schedule} | {best[schedule, False] / best[DENSE]:.3f} | {best[schedule, True] / best[DENSE]:.3f} |", flush=True)


if __name__ == "__main__":
    main()
