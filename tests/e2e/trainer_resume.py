"""A trainer that dies or is told to leave goes on where it was, bit for bit."""

import signal
import tempfile
import unittest
from pathlib import Path

from trainer_process import Attempt, expect_same, resumed


class TrainerResume(unittest.TestCase):
    def setUp(self):
        temp = tempfile.TemporaryDirectory()
        self.addCleanup(temp.cleanup)
        self.dir = Path(temp.name)
        self.whole = self.keep(Attempt(self.dir / "whole"))
        self.assertEqual(self.whole.run(), 0, self.whole.output())

    def keep(self, attempt):
        self.addCleanup(attempt.__exit__)
        return attempt

    def same_as_whole(self, *attempts):
        """The attempts, one after the other, left what the uninterrupted run did."""
        expect_same(self, attempts, self.whole)

    def go_on(self, name, before, checkpoint):
        after = self.keep(resumed(self.dir / name, before, checkpoint))
        self.assertEqual(after.run(), 0, after.output())
        self.assertEqual(after.events("start")[0]["checkpoint"], checkpoint["digest"])
        self.assertEqual(after.events("start")[0]["step"], checkpoint["step"])
        return after

    def test_sigkill(self):
        first = self.keep(Attempt(self.dir / "first").start())
        first.wait_for("metric", step=25)
        self.assertEqual(first.kill(), -signal.SIGKILL)
        self.same_as_whole(first, self.go_on("second", first, first.events("checkpoint")[-1]))

    def test_sigterm_leaves_a_checkpoint_and_code_75(self):
        first = self.keep(Attempt(self.dir / "first").start())
        first.wait_for("metric", step=3)
        self.assertEqual(first.kill(signal.SIGTERM), 75, first.output())
        last = first.events()[-1]
        self.assertEqual(last["type"], "checkpoint")
        self.same_as_whole(first, self.go_on("second", first, last))

    def test_sigusr1_checkpoints_and_goes_on(self):
        first = self.keep(Attempt(self.dir / "first").start())
        first.wait_for("metric", step=2)
        first.process.send_signal(signal.SIGUSR1)
        asked = first.wait_for("checkpoint")
        self.assertEqual(first.wait(), 0, first.output())
        self.assertLessEqual(asked["step"], 20)
        self.same_as_whole(first)

    def test_many_interruptions(self):
        attempts = [self.keep(Attempt(self.dir / "0", params={"checkpoint_every": 7}).start())]
        for i, step in enumerate((9, 23, 38)):
            attempts[-1].wait_for("metric", step=step)
            attempts[-1].kill()
            after = resumed(self.dir / str(i + 1), attempts[-1], attempts[-1].events("checkpoint")[-1])
            attempts.append(self.keep(after.start()))
        self.assertEqual(attempts[-1].wait(), 0, attempts[-1].output())
        for attempt in (attempts[-1], self.whole):
            self.assertEqual(attempt.events("result")[0]["record"]["training_curves"]["steps"], [0, 20, 40, 60])
        self.same_as_whole(*attempts)

    def test_resume_at_the_end_gives_the_result_again(self):
        self.same_as_whole(self.whole, self.go_on("again", self.whole, self.whole.events("checkpoint")[-1]))

    def test_refuses_a_damaged_or_foreign_checkpoint(self):
        checkpoint = self.whole.events("checkpoint")[-2]
        damaged = self.keep(resumed(self.dir / "damaged", self.whole, checkpoint))
        file = damaged.dir / checkpoint["path"] / "model.safetensors"
        content = bytearray(file.read_bytes())
        content[-5] ^= 1
        file.write_bytes(content)
        self.assertEqual(damaged.run(), 1)
        self.assertIn("SHA-256", damaged.output())
        other = self.keep(resumed(self.dir / "other", self.whole, checkpoint))
        other.spec["params"] = {**other.spec["params"], "lr": 0.001}
        self.assertEqual(other.run(), 2)
        self.assertIn("another configuration", other.output())


if __name__ == "__main__":
    unittest.main()
