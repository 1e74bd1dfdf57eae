#!/usr/bin/env python3
"""SIGKILL at random moments: whatever a trainer was doing, the next one goes on and ends in the same bits as if nothing had happened.

    trainer_sigkill.py [KILLS]      50 by default

A moment is a number of bytes of events.jsonl, drawn with a seed, plus some processor time of the trainer: it falls into its start, its steps and its
checkpoints alike. Chains of ten kills each, with dropout, on one thread."""

import concurrent.futures
import random
import sys
import tempfile
import time
import unittest
from pathlib import Path

from trainer_process import Attempt, expect_same, resumed

KILLS = 50
CHAIN = 10  # kills of one run
PARAMS = {"steps": 300, "checkpoint_every": 2, "eval_every": 100}
POLL_S = 0.0005  # of what the trainer has done
MOST_BYTES = 16000  # some 20 steps, after the start's 4,000
MOST_JITTER_NS = 6_000_000  # about a step and a checkpoint


def watch(attempt, condition):
    while attempt.process.poll() is None and not condition():
        time.sleep(POLL_S)


def processor_ns(attempt):
    """Processor time the trainer has had; its process is not yet waited for, or poll() has said so."""
    try:
        return int(Path(f"/proc/{attempt.process.pid}/schedstat").read_text().split()[0])
    except (OSError, IndexError):
        return 0


class Moment:
    """When to kill: at `size` bytes of events, in every third case at the next checkpoint being written, and then `jitter` ns of processor time."""

    def __init__(self, rng):
        self.size, self.writing = rng.randrange(MOST_BYTES), rng.randrange(3) == 0
        self.jitter = rng.randrange(MOST_JITTER_NS // 8 if self.writing else MOST_JITTER_NS)

    def wait(self, attempt):
        """Watches the trainer up to the moment; a trainer that ends earlier ends the watch."""
        events, checkpoints = attempt.dir / "events.jsonl", attempt.dir / "checkpoints"
        watch(attempt, lambda: events.stat().st_size >= self.size)
        watch(attempt, lambda: not self.writing or list(checkpoints.glob(".tmp-*")))
        reached = processor_ns(attempt)
        watch(attempt, lambda: processor_ns(attempt) >= reached + self.jitter)


class Chain:
    """One run through `kills` SIGKILLs to its end. `states` counts where they fell."""

    def __init__(self, directory, name, seed, kills):
        self.dir, self.rng, self.kills = directory / name, random.Random(seed), kills
        self.attempts, self.checkpoint = [], None  # the last published: (attempt, event)
        self.states = {"before the first step": 0, "between checkpoints": 0, "while one was written": 0}

    def run(self):
        kills = 0
        while kills < self.kills:
            attempt = self.next().start()
            Moment(self.rng).wait(attempt)
            attempt.process.kill()
            if attempt.wait() == 0:
                continue  # it was at its end before the moment came: again from the same checkpoint
            kills += 1
            self.take(attempt)
        last = self.next()
        assert last.run() == 0, last.output()
        self.attempts.append(last)
        return self

    def next(self):
        """An attempt that goes on from the last checkpoint published, as a worker would place it."""
        name = self.dir / str(len(list(self.dir.glob("*"))))
        if self.checkpoint is None:
            return Attempt(name, params=PARAMS)
        return resumed(name, *self.checkpoint)

    def take(self, attempt):
        assert attempt.process.returncode == -9, attempt.output()
        written = list(attempt.dir.glob("checkpoints/.tmp-*")) + [p for p in attempt.dir.glob("checkpoints/step-*") if not (p / "MANIFEST").exists()]
        state = "while one was written" if written else "between checkpoints" if attempt.events("metric") else "before the first step"
        self.states[state] += 1
        self.attempts.append(attempt)
        if published := attempt.events("checkpoint"):
            self.checkpoint = attempt, published[-1]


class TrainerSigkill(unittest.TestCase):
    def test_goes_on_bit_for_bit(self):
        with tempfile.TemporaryDirectory() as temp, concurrent.futures.ThreadPoolExecutor(2) as pool:
            whole = Attempt(Path(temp) / "whole", params=PARAMS)
            self.assertEqual(whole.run(), 0, whole.output())
            chains = [Chain(Path(temp), f"chain{i}", seed=i, kills=CHAIN) for i in range(KILLS // CHAIN)]
            states = dict.fromkeys(chains[0].states, 0)
            for chain in pool.map(Chain.run, chains):
                expect_same(self, chain.attempts, whole)
                for state, count in chain.states.items():
                    states[state] += count
            self.assertEqual(sum(states.values()), len(chains) * CHAIN)
            print(f"{sum(states.values())} kills in {len(chains)} runs, all ended in the same bits:", ", ".join(f"{n} {state}" for state, n in states.items()))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        KILLS = int(sys.argv.pop())
    unittest.main(verbosity=2)
