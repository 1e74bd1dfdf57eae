// Windows of a synthetic task.
#pragma once

#include <memory>

#include "trainer/data/dataset.h"

namespace plasa::trainer {

// Fresh training samples (split 0) and a fixed held-out set (split 1). Fails if the task does not fit the window length
// or needs another target rule than `next`.
[[nodiscard]] Result<std::unique_ptr<Dataset>> MakeTaskDataset(const TaskSpec& task, std::string note,
                                                               const WindowOptions& options);

}  // namespace plasa::trainer
