#!/usr/bin/env python3
"""A full disk under the trainer: it ends with a sentence and its last checkpoint is whole; with room again it goes on, bit for bit."""

import tempfile
import unittest
from pathlib import Path

from harness import wait_until
from small_disk import SmallDisk, skip_unless_root
from trainer_process import Attempt, expect_complete, expect_same, resumed

PARAMS = {"steps": 400, "checkpoint_every": 5, "eval_every": 200}
CRASHED = 1  # TRAINER_CRASH: another attempt may survive it


class TrainerDiskFull(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temp.cleanup)
        cls.whole = Attempt(Path(cls.temp.name) / "whole", params=PARAMS)
        assert cls.whole.run() == 0, cls.whole.output()

    def interrupted(self, disk, fill):
        """An attempt on `disk` that `fill()`, called from its first checkpoints on until it ends, brings to an end."""
        attempt = Attempt(disk.path / "first", params=PARAMS)
        self.addCleanup(attempt.__exit__)
        attempt.start(log=Path(self.temp.name) / "output.log")
        attempt.wait_for("checkpoint", step=10)
        wait_until(lambda: fill() or attempt.process.poll() is not None, "the trainer to end")
        self.assertEqual(attempt.wait(), CRASHED, attempt.output())
        self.assertIn("No space left on device", attempt.output())
        return attempt

    def judge_checkpoints(self, attempt):
        """Nothing half written can be taken for a checkpoint, and the last one announced is whole."""
        last = attempt.events("checkpoint")[-1]
        expect_complete(self, attempt.dir / last["path"], last["digest"])
        for folder in (attempt.dir / "checkpoints").iterdir():
            if (folder / "MANIFEST").exists():
                self.assertTrue(folder.name.startswith("step-"), folder)
                expect_complete(self, folder)
        return last

    def go_on(self, disk, first, checkpoint):
        disk.free()
        second = resumed(disk.path / "second", first, checkpoint)
        self.addCleanup(second.__exit__)
        self.assertEqual(second.run(), 0, second.output())
        self.assertEqual(second.events("start")[0]["step"], checkpoint["step"])
        expect_same(self, [first, second], self.whole)

    def test_no_room_at_all(self):
        with SmallDisk(8) as disk:
            first = self.interrupted(disk, disk.fill)
            self.go_on(disk, first, self.judge_checkpoints(first))

    def test_room_for_events_but_not_for_a_checkpoint(self):
        with SmallDisk(8) as disk:
            first = self.interrupted(disk, lambda: disk.squeeze(1 << 16))
            self.assertIn("checkpoints/", first.output())
            self.go_on(disk, first, self.judge_checkpoints(first))


if __name__ == "__main__":
    skip_unless_root()
    unittest.main(verbosity=2)
