#!/usr/bin/env python3
"""One training step of the exp3 model in PyTorch, tuned as well as we know how, beside `plasa-trainer bench`, alternating in one run.

    python3 bench/trainer_peer.py [--sizes 64x8,256x8] [--precision f32,bf16] [--steps 20] [--rounds 3] [--trainer PATH] [--allocator kept|default]

Needs PyTorch 2 (`pip install torch numpy`). Both sides: dense layers, attention, residual and expert dropout 0.1, vocabulary 49,152, Adam,
two threads, numbers below the normal range flushed to zero, and an allocator that keeps its memory (or, where that is too much, the one
that is there). PyTorch side: peer_model.py (with `--attention flash` the attention's dropout left out on
both sides, so that the flash kernel is taken), fused Adam, bf16 by autocast. Times are medians of a step; each round
runs both sides anew, and all rounds are printed. The machine's limit is the fastest of some large matrix products in PyTorch, in
the same run; a share is the time that a step's products (causal attention: half of the square; no recomputation) would take at it."""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import torch
from peer_model import CHOSEN, DROPOUT, HIDDEN, LAYERS, WIDTH, Model, prepare, update

ALLOCATORS = {"kept": {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "1000000000000"}, "default": {}}
VOCABULARY = 49152


def peer(length, batch, precision, steps, attention):
    """Step times in ms of the PyTorch model, and its peak memory in bytes; in a process of its own."""
    prepare(2)
    torch.manual_seed(1)
    model = Model(VOCABULARY, length, attention_dropout=DROPOUT if attention == "exact" else 0.0)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    times = []
    for _ in range(steps):
        tokens = torch.randint(VOCABULARY, (batch, length + 1))
        start = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            loss = model(tokens[:, :-1], tokens[:, 1:])
        update(model, optimiser, loss)
        times.append(1000 * (time.perf_counter() - start))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"ms": statistics.median(times[max(1, steps // 5):]), "peak": peak, "torch": torch.__version__}))


def limit(precision):
    """GF/s of the fastest of some large products on two threads: best of eight runs each."""
    torch.set_num_threads(2)
    type_of = {"f32": torch.float32, "bf16": torch.bfloat16}[precision]
    best = 0
    for m, n, k in [(2048, 2048, 2048), (4096, 4096, 1024), (2048, 8192, 256), (2048, 256, 8192)]:
        a, b = torch.randn(m, k).to(type_of), torch.randn(k, n).to(type_of)
        for _ in range(8):
            start = time.perf_counter()
            a @ b
            best = max(best, 2e-9 * m * n * k / (time.perf_counter() - start))
    print(json.dumps({"gflops": best}))


def step_gflop(length, batch):
    """GFLOP of a dense step's matrix products: one pass forward, twice that backward."""
    tokens = length * batch
    layer = 4 * WIDTH * WIDTH + CHOSEN * 2 * WIDTH * HIDDEN + length * WIDTH
    return 6e-9 * tokens * (LAYERS * layer + WIDTH * VOCABULARY)


def run(command, allocator):
    """What the command prints, as JSON."""
    environment = {**os.environ, **ALLOCATORS[allocator], "OMP_WAIT_POLICY": "active"}
    return json.loads(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)


def listed(values, pattern):
    return ", ".join(pattern.format(value) for value in values)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="64x8,256x8")
    parser.add_argument("--precision", default="f32,bf16")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--trainer", default=str(Path(__file__).resolve().parent.parent / "build/release/bin/plasa-trainer"))
    parser.add_argument("--attention", choices=["exact", "flash"], default="exact")
    parser.add_argument("--allocator", choices=list(ALLOCATORS), default="kept")
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--limit", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    sizes = [tuple(map(int, size.split("x"))) for size in options.sizes.split(",")]
    if options.limit:
        return limit(options.precision)
    if options.peer:
        return peer(*sizes[0], options.precision, options.steps, options.attention)
    precisions = options.precision.split(",")
    limits = {precision: run([sys.executable, __file__, "--limit", "--precision", precision], "kept")["gflops"] for precision in precisions}
    print("Limit, GF/s: " + ", ".join(f"{precision} {gflops:.0f}" for precision, gflops in limits.items()) + "\n")
    print("| L, batch | precision | PyTorch ms | plasa ms | ratio | share of the limit | PyTorch memory | plasa memory | memory ratio |\n" + 9 * "|---" + "|")
    for length, batch in sizes:
        for precision in precisions:
            theirs, ours = [], []
            for _ in range(options.rounds):
                theirs.append(run([sys.executable, __file__, "--peer", "--sizes", f"{length}x{batch}", "--precision", precision,
                                   "--steps", str(options.steps), "--attention", options.attention], options.allocator))
                ours.append(run([options.trainer, "bench", "--preset", "exp3", "--schedule", "dense_baseline", "--vocab", str(VOCABULARY),
                                 "--seq-len", str(length), "--batch", str(batch), "--steps", str(options.steps), "--threads", "2",
                                 "--precision", precision, "-o", "json",
                                 "--set", json.dumps({"attn_dropout": 0 if options.attention == "flash" else DROPOUT})], options.allocator))
            peers, mine = [t["ms"] for t in theirs], [o["ms_per_step"] for o in ours]
            shares = [100000 * step_gflop(length, batch) / limits[precision] / ms for ms in mine]
            memory = theirs[0]["peak"], ours[0]["peak_memory_bytes"]
            print(f"| {length}, {batch} | {precision} | {listed(peers, '{:.0f}')} | {listed(mine, '{:.0f}')} | "
                  f"{listed([t / o for t, o in zip(peers, mine)], '{:.2f}')} | {listed(shares, '{:.0f}')} % | "
                  f"{memory[0] / 1e9:.2f} GB | {memory[1] / 1e9:.2f} GB | {memory[1] / memory[0]:.2f} |", flush=True)


if __name__ == "__main__":
    main()
