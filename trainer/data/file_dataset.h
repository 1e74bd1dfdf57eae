// Windows over a tokenised corpus.
#pragma once

#include <memory>

#include "trainer/data/dataset.h"
#include "trainer/data/tokens.h"

namespace plasa::trainer {

// Splits `tokens` and cuts windows. Fails if either side of the split holds no whole window.
[[nodiscard]] Result<std::unique_ptr<Dataset>> MakeFileDataset(Tokens tokens, DataFacts facts,
                                                               const WindowOptions& options);

}  // namespace plasa::trainer
