#!/usr/bin/env python3
"""A flame graph of a training step: `flame_graph.py OUT.svg [plasa-trainer's options of bench]`, with perf (Debian: linux-perf).

Samples the processor's time by function, folds the stacks and draws them: the wider, the more time; what stands on a box was called
by it. Boxes have their share as a tooltip."""

import collections
import html
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

BIN = Path(os.environ.get("PLASA_BIN", Path(__file__).resolve().parent.parent / "build" / "release" / "bin"))
WIDTH, ROW, LEAST = 1200, 17, 0.002  # pixels; boxes below that share are left out
DEFAULT = ["--preset", "exp3", "--seq-len", "256", "--batch", "8", "--steps", "10", "--precision", "bf16"]


def stacks(options):
    """Samples by stack, the outermost function first."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "perf.data"
        subprocess.run(["perf", "record", "-q", "-o", data, "-e", "cpu-clock", "-F", "199", "--call-graph", "dwarf,16384",
                        BIN / "plasa-trainer", "bench", *options], check=True, stdout=subprocess.DEVNULL)
        text = subprocess.run(["perf", "script", "-i", data, "-F", "ip,sym"], check=True, capture_output=True, text=True).stdout
    counts = collections.Counter()
    for sample in text.split("\n\n"):
        frames = [short(line.split(maxsplit=1)[1]) for line in sample.splitlines() if len(line.split(maxsplit=1)) == 2]
        if stack := tuple(joined(of_steps(list(reversed(frames))))):
            counts[stack] += 1
    return counts


def short(name):
    """A function without its arguments, templates and places of compilers."""
    name = re.sub(r"\[clone [^]]*\]|\(anonymous namespace\)::|plasa::trainer::", "", name)
    while (shorter := re.sub(r"<[^<>]*>", "", name)) != name:
        name = shorter
    return "(no symbol)" if name.startswith("[unknown") else re.sub(r"\(.*", "", name).strip() or "(no symbol)"


def of_steps(frames):
    """What lies behind the loop over steps, or a helping thread's frames; nothing while the program is loaded."""
    if "TimeSteps" in frames:
        return ["step", *frames[frames.index("TimeSteps") + 1:]]
    return [] if {"_start", "_dl_start", "main"} & set(frames) else ["other threads", *frames]


def joined(frames):
    """Frames without the engine's own, without names and without repetitions of one after the other; a leaf without a name stays."""
    kept = [f for i, f in enumerate(frames) if not f.startswith("torch::autograd::Engine") and (f != "(no symbol)" or i + 1 == len(frames))]
    return [f for i, f in enumerate(kept) if i == 0 or f != kept[i - 1]]


def boxes(counts):
    """(depth, first, width, name) of each box, as shares of all samples."""
    total = sum(counts.values())
    out = []

    def lay(prefixed, depth, first):
        groups = collections.OrderedDict()
        for stack, count in sorted(prefixed.items()):
            if len(stack) > depth:
                groups.setdefault(stack[depth], {})[stack] = count
        for name, group in groups.items():
            share = sum(group.values()) / total
            if share >= LEAST:
                out.append((depth, first, share, name))
                lay(group, depth + 1, first)
            first += share
    lay(counts, 0, 0.0)
    return out, total


def draw(laid, total, title):
    depth = 1 + max(box[0] for box in laid)
    height = (depth + 2) * ROW
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="11">',
             f'<rect width="{WIDTH}" height="{height}" fill="#fff"/><text x="6" y="13">{html.escape(title)}, {total} samples</text>']
    for level, first, share, name in laid:
        x, width = first * WIDTH, share * WIDTH
        y = height - (level + 1) * ROW
        hue = 20 + sum(map(ord, name)) % 40
        text = html.escape(name if len(name) * 6 < width else name[: max(0, int(width / 6) - 1)] + "…") if width > 30 else ""
        parts.append(f'<g><title>{html.escape(name)}: {100 * share:.1f} %</title><rect x="{x:.1f}" y="{y}" width="{max(width - 0.5, 0.3):.1f}" '
                     f'height="{ROW - 1}" fill="hsl({hue},80%,72%)"/><text x="{x + 3:.1f}" y="{y + 12}">{text}</text></g>')
    return "\n".join(parts) + "\n</svg>\n"


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    options = sys.argv[2:] or DEFAULT
    laid, total = boxes(stacks(options))
    Path(sys.argv[1]).write_text(draw(laid, total, "plasa-trainer bench " + " ".join(options)))


if __name__ == "__main__":
    main()
