// What one attempt is asked to do: spec.json, checked.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "common/base/result.h"
#include "common/base/value.h"
#include "common/experiment/config.h"
#include "trainer/data/data_spec.h"
#include "trainer/data/dataset.h"

namespace plasa::trainer {

// A complete checkpoint the worker has placed in the attempt's directory.
struct ResumePoint {
  std::string path;    // relative to the directory of the attempt
  std::string digest;  // SHA-256 of its MANIFEST
  int64_t step = 0;
};

struct RunSpec {
  std::filesystem::path dir;  // the attempt's directory
  std::string trial;
  Value params;  // as given, before presets
  Config config;
  DataSpec data;
  double checkpoint_every_s = 60;
  std::optional<ResumePoint> resume;
  bool inexact = false;  // resume although the hardware class differs; marks the run
};

// Reads and checks spec.json. Members it does not know are left to the worker; unknown keys of `params` and `data` are
// errors. `params.data` wins over `data`, `params.threads` and `params.device` over those of the slot.
[[nodiscard]] Result<RunSpec> ReadRunSpec(const std::filesystem::path& file);

// How the data of a configuration are cut, split and ordered.
[[nodiscard]] WindowOptions WindowOptionsOf(const Config& config);

// The tokenizer the configuration names, opened; nullopt if it names none. Fails on a file that is no tokenizer, or
// that has more ids than a run can take.
[[nodiscard]] Result<std::optional<TextEncoder>> TokenizerOf(const Config& config);

// The configuration with the vocabulary of the data: exp3 takes it over, other presets keep theirs if it is large
// enough; fails if params name a vocabulary that is too small.
[[nodiscard]] Result<Config> WithVocabularyOf(const RunSpec& spec, int64_t data_vocabulary);

}  // namespace plasa::trainer
