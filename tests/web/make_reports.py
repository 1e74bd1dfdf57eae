#!/usr/bin/env python3
"""Result trees for report.test.mjs, of real trainers: FOLDER/strict, FOLDER/leaky, FOLDER/hostile."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))
from harness import Cluster, steps_sweep, trainer  # noqa: E402

SMALL = {"preset": "demo", "steps": 6, "eval_every": 3, "eval_max_targets": 256, "batch_size": 1, "equal_tokens": False}


def small_sweep(name, seeds, contrasts=None, **swept):
    parameters = {key: {"value": value} for key, value in SMALL.items()}
    parameters.update({key: {"values": values} for key, values in swept.items()})
    return {"name": name, "method": "grid", "metric": {"name": "val/loss", "goal": "minimize"}, "parameters": parameters,
            "plasa": {"seeds": seeds, "data": {"corpus": "kjv"}, **({"contrasts": contrasts} if contrasts else {})}}


HOSTILE = steps_sweep('</script><script>document.title="taken"</script><b>{{data}}&amp;', note="<img src=x onerror=alert(1)>")


def main(folder):
    with Cluster(slots=2, trainers={"steps": trainer("steps.py")}) as cluster:
        sweeps = {
            "strict": small_sweep("strict", 3, ["progressive_sparse - uniform_sparse at seq_len=32 on val/loss"],
                                  schedule=["dense_baseline", "uniform_sparse", "progressive_sparse"], seq_len=[16, 32]),
            "leaky": small_sweep("leaky", 1, schedule=["progressive_sparse"], seq_len=[16], ref_leak=[False, True]),
            "hostile": HOSTILE,
        }
        submitted = {name: cluster.submit(spec) for name, spec in sweeps.items()}
        for name, sweep in submitted.items():
            cluster.wait(sweep)
            cluster.ctl("report", sweep, "-o", folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
