// What a drill trains: four trials of the real trainer, as small as they can be and still have dropout, routing, sparse
// layers and an optimiser to resume. A few seconds each; a checkpoint every few steps.
#pragma once

namespace plasa::cli {

inline constexpr char kDrillSweep[] = R"(name: drill
method: grid
metric: {name: val/loss, goal: minimize}
parameters:
  preset:           {value: demo}
  d_model:          {value: 16}
  n_heads:          {value: 2}
  n_layers:         {value: 3}
  d_ff:             {value: 16}
  seq_len:          {value: 32}
  batch_size:       {value: 2}
  indexer_heads:    {value: 1}
  indexer_dim:      {value: 4}
  steps:            {value: 300}
  eval_every:       {value: 60}
  eval_max_targets: {value: 256}
  checkpoint_every: {value: 15}
  threads:          {value: 1}
  schedule:         {values: [progressive_sparse, uniform_sparse]}
plasa:
  seeds: 2
  data: {task: markov, vocab: 32}
  lost_after: 6s
  max_attempts: 100
)";

}  // namespace plasa::cli
