#!/usr/bin/env python3
"""One training step of the exp3 model in PyTorch, tuned as well as we know how, beside `plasa-trainer bench`, alternating in one run.

    python3 bench/trainer_peer.py [--sizes 64x8,256x8] [--precision f32,bf16] [--steps 20] [--rounds 3] [--trainer PATH]

Needs PyTorch 2 (`pip install torch numpy`). Both sides: dense layers, attention, residual and expert dropout 0.1, vocabulary 49,152, Adam,
two threads, and an allocator that keeps its memory. PyTorch side: scaled_dot_product_attention (with `--attention flash` its dropout left
out on both sides, so that the flash kernel is taken), experts by sorted groups, fused Adam, bf16 by autocast. Times are medians of a step; each round
runs both sides anew, and the best round of each counts."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

KEEP_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "1000000000000", "OMP_WAIT_POLICY": "active"}
WIDTH, LAYERS, HEADS, EXPERTS, CHOSEN, HIDDEN, VOCABULARY, DROPOUT = 256, 6, 8, 4, 2, 512, 49152, 0.1


def peer(length, batch, precision, steps, attention):
    """Step times in ms of the PyTorch model, and its peak memory in bytes; in a process of its own."""
    import resource

    import torch
    from torch import nn
    from torch.nn import functional as F

    torch.set_num_threads(2)
    torch.manual_seed(1)
    hd = WIDTH // HEADS
    angles = torch.outer(torch.arange(length).double(), 10000 ** (-torch.arange(0, hd, 2).double() / hd))
    cos, sin = angles.cos().float(), angles.sin().float()

    def rotate(x):
        a, b = x[..., ::2], x[..., 1::2]
        return torch.stack((a * cos - b * sin, b * cos + a * sin), -1).flatten(-2)

    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH, bias=False), nn.Linear(WIDTH, WIDTH, bias=False)

        def forward(self, x):
            q, k, v = self.qkv(x).view(batch, length, 3, HEADS, hd).permute(2, 0, 3, 1, 4)
            dropout = DROPOUT if attention == "exact" else 0.0
            y = F.scaled_dot_product_attention(rotate(q), rotate(k), v.to(q.dtype), is_causal=True, dropout_p=dropout)
            return self.out(y.transpose(1, 2).reshape(batch, length, WIDTH))

    class Experts(nn.Module):
        def __init__(self):
            super().__init__()
            self.gate = nn.Linear(WIDTH, EXPERTS, bias=False)
            self.one = nn.ModuleList(nn.Linear(WIDTH, HIDDEN, bias=False) for _ in range(EXPERTS))
            self.two = nn.ModuleList(nn.Linear(HIDDEN, WIDTH, bias=False) for _ in range(EXPERTS))

        def forward(self, h):
            x = h.reshape(-1, WIDTH)
            r = self.gate(x)
            r = r + 0.1 * torch.randn_like(r)
            top, chosen = r.topk(CHOSEN, -1)
            weights = top.float().softmax(-1).flatten()
            order = chosen.flatten().argsort(stable=True)
            counts = chosen.flatten().bincount(minlength=EXPERTS)
            token = order // CHOSEN
            parts = [self.two[e](F.dropout(F.silu(self.one[e](rows)), DROPOUT))
                     for e, rows in enumerate(x.index_select(0, token).split(counts.tolist()))]
            y = torch.zeros_like(x, dtype=torch.float32).index_add(0, token, torch.cat(parts).float() * weights[order, None])
            share = counts / (x.size(0) * CHOSEN)
            self.aux = EXPERTS * (share * r.float().softmax(-1).mean(0)).sum()
            return y.view(h.shape)

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.n1, self.n2 = nn.RMSNorm(WIDTH), nn.RMSNorm(WIDTH)
            self.attention, self.experts = Attention(), Experts()

        def forward(self, x):
            x = x + F.dropout(self.attention(self.n1(x)), DROPOUT)
            return x + F.dropout(self.experts(self.n2(x)), DROPOUT)

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed, self.norm = nn.Embedding(VOCABULARY, WIDTH), nn.RMSNorm(WIDTH)
            self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))

        def forward(self, tokens, labels):
            x = self.embed(tokens)
            for block in self.blocks:
                x = block(x)
            logits = F.linear(self.norm(x), self.embed.weight)
            ce = F.cross_entropy(logits.view(-1, VOCABULARY), labels.reshape(-1))
            return ce + 0.01 * sum(block.experts.aux for block in self.blocks)

    model = Model()
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    times = []
    for _ in range(steps):
        tokens = torch.randint(VOCABULARY, (batch, length + 1))
        start = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            loss = model(tokens[:, :-1], tokens[:, 1:])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        times.append(1000 * (time.perf_counter() - start))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"ms": statistics.median(times[max(1, steps // 5):]), "peak": peak, "torch": torch.__version__}))


def run(command):
    return json.loads(subprocess.run(command, env={**os.environ, **KEEP_MEMORY}, check=True, capture_output=True, text=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="64x8,256x8")
    parser.add_argument("--precision", default="f32,bf16")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--trainer", default=str(Path(__file__).resolve().parent.parent / "build/release/bin/plasa-trainer"))
    parser.add_argument("--attention", choices=["exact", "flash"], default="exact")
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    sizes = [tuple(map(int, size.split("x"))) for size in options.sizes.split(",")]
    if options.peer:
        return peer(*sizes[0], options.precision, options.steps, options.attention)
    print("| L, batch | precision | PyTorch ms | plasa ms | ratio | PyTorch memory | plasa memory |\n|---|---|---|---|---|---|---|")
    for length, batch in sizes:
        for precision in options.precision.split(","):
            theirs, ours = [], []
            for _ in range(options.rounds):
                theirs.append(run([sys.executable, __file__, "--peer", "--sizes", f"{length}x{batch}", "--precision", precision,
                                   "--steps", str(options.steps), "--attention", options.attention]))
                ours.append(run([options.trainer, "bench", "--preset", "exp3", "--schedule", "dense_baseline", "--vocab", str(VOCABULARY),
                                 "--seq-len", str(length), "--batch", str(batch), "--steps", str(options.steps), "--threads", "2",
                                 "--precision", precision, "-o", "json",
                                 "--set", json.dumps({"attn_dropout": 0 if options.attention == "flash" else DROPOUT})]))
            best, mine = min(t["ms"] for t in theirs), min(o["ms_per_step"] for o in ours)
            print(f"| {length}, {batch} | {precision} | {best:.0f} | {mine:.0f} | {best / mine:.2f} | "
                  f"{theirs[0]['peak'] / 1e9:.2f} GB | {ours[0]['peak_memory_bytes'] / 1e9:.2f} GB |", flush=True)


if __name__ == "__main__":
    main()
