#!/usr/bin/env python3
"""The 18 cells of exp3 through plasa (coordinator, worker, trials) beside a plain PyTorch loop over the same cells, one after the other.

    VENV/bin/python bench/grid_peer.py [--steps 40] [--bin build/release/bin] [--seq-len 64 256 1024]

VENV has PyTorch 2; the King James Bible is Debian's bible-kjv. Both sides: the exp3 model on bytes of the same text, 2,048 tokens a step,
Adam, all dropouts 0.1, float, one seed; a quarter of the steps attends densely first; some 16,000 held-out targets judged at the end.
plasa: two slots of one thread, with the audits before each trial, checkpoints, the index loss that trains the indexer, and the held-out
text judged before the first step too, and as much of the training text at the end. PyTorch: peer_model.py, one process with two threads,
no index loss, no audits, nothing kept. Prints JSON: seconds of both, and of each cell."""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RATIOS = {"dense_baseline": (1, 1, 1), "uniform_sparse": (0.5, 0.5, 0.5), "dense_to_sparse": (1, 0.5, 0.75),
          "aggressive_middle": (0.5, 0.25, 0.5), "progressive_sparse": (1, 0.25, 0.5), "reverse_progressive": (0.25, 0.5, 1)}
TOKENS, TARGETS, THREADS = 2048, 16384, 2
KEEP_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "1000000000000"}


def corpus():
    import torch

    text = subprocess.run(["bible", "-f", "gen1:1-rev22:21"], check=True, capture_output=True).stdout
    verses = (line.split(b" ", 1)[1] for line in text.splitlines())
    data = torch.frombuffer(bytearray(b"\n".join(verses)), dtype=torch.uint8).long()
    edge = len(data) * 9 // 10
    return data[:edge], data[edge:]


def torch_cell(schedule, length, steps, train, held_out):
    """Trains one cell; returns its held-out loss."""
    import torch
    from peer_model import LAYERS, Model, update

    torch.manual_seed(1)
    thirds = [RATIOS[schedule][i * 3 // LAYERS] for i in range(LAYERS)]
    keys = [0 if ratio == 1 else int(ratio * length) for ratio in thirds]
    model = Model(257, length, keys)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    batch = TOKENS // length
    windows = lambda data, starts: torch.stack([data[s:s + length + 1] for s in starts])
    indexers = [block.attention.indexer for block in model.blocks]
    for step in range(steps):
        for block, indexer in zip(model.blocks, indexers):
            block.attention.indexer = indexer if step >= steps // 4 else None
        tokens = windows(train, torch.randint(len(train) - length, (batch,)).tolist())
        update(model, optimiser, model(tokens[:, :-1], tokens[:, 1:]))
    model.eval()
    with torch.no_grad():
        losses = []
        for first in range(0, TARGETS, TOKENS):
            tokens = windows(held_out, range(first, first + TOKENS, length))
            losses.append(model(tokens[:, :-1], tokens[:, 1:]).item())
    return sum(losses) / len(losses)


def by_torch(lengths, steps):
    from peer_model import prepare

    prepare(THREADS)
    begin, cells = time.monotonic(), []
    train, held_out = corpus()
    for schedule in RATIOS:
        for length in lengths:
            start = time.monotonic()
            loss = torch_cell(schedule, length, steps, train, held_out)
            cells.append({"schedule": schedule, "seq_len": length, "seconds": round(time.monotonic() - start, 1), "loss": round(loss, 4)})
    print(json.dumps({"seconds": round(time.monotonic() - begin, 1), "cells": cells}))


def by_plasa(harness, lengths, steps):
    parameters = {"preset": "exp3", "steps": steps, "dense_warmup_steps": steps // 4, "eval_every": steps, "val_fraction": 0.004}
    spec = {"name": "exp3", "method": "grid", "metric": {"name": "val/loss", "goal": "minimize"},
            "parameters": {**{key: {"value": value} for key, value in parameters.items()}, "schedule": {"values": list(RATIOS)},
                           "seq_len": {"values": lengths}}, "plasa": {"seeds": 1, "data": {"corpus": "kjv"}}}
    begin = time.monotonic()
    with harness.Cluster(slots=2) as cluster:
        sweep = cluster.submit(spec)
        cluster.ctl("wait", sweep, timeout=7200)
        took = time.monotonic() - begin
        cells = [{"schedule": t["params"]["schedule"], "seq_len": t["params"]["seq_len"],
                  "seconds": round(sum(a["ended"] - a["created"] for a in t["attempts"]), 1),
                  "loss": round(t["metrics"]["val/loss"], 4)} for t in cluster.trials(sweep)]
        return {"seconds": round(took, 1), "cells": cells}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=Path, default=Path(os.environ.get("PLASA_BIN", ROOT / "build" / "release" / "bin")), help="directory of plasa's programs")
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--seq-len", type=int, nargs="+", default=[64, 256, 1024])
    parser.add_argument("--torch", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.torch:
        return by_torch(options.seq_len, options.steps)
    os.environ["PLASA_BIN"] = str(options.bin.resolve())
    sys.path.insert(0, str(ROOT / "tests" / "e2e"))
    import harness  # reads PLASA_BIN

    plasa = by_plasa(harness, options.seq_len, options.steps)
    command = [sys.executable, __file__, "--torch", "--steps", str(options.steps), "--seq-len", *map(str, options.seq_len)]
    done = subprocess.run(command, env={**os.environ, **KEEP_MEMORY}, check=True, stdout=subprocess.PIPE, text=True)
    peer = json.loads(done.stdout)
    print(json.dumps({"v": 1, "steps": options.steps, "ratio": round(peer["seconds"] / plasa["seconds"], 2), "plasa": plasa, "torch": peer}))


if __name__ == "__main__":
    main()
