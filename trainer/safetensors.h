// Tensor files in the safetensors format.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/base/result.h"

namespace plasa::trainer {

// Named tensors in file order, and the text metadata of the header.
struct TensorFile {
  std::vector<std::pair<std::string, at::Tensor>> tensors;
  std::map<std::string, std::string> metadata;

  // nullptr if there is none.
  [[nodiscard]] const at::Tensor* Find(const std::string& name) const;
};

// Writes `file` to `path` (created or replaced; no fsync). Tensors of any device; F64, F32, BF16, I64, I32, U8, BOOL.
[[nodiscard]] Outcome WriteTensors(const std::string& path, const TensorFile& file);

// Reads a file anyone may have made: offsets that overlap, leave gaps, leave the file or do not fit shape and type are
// errors, as are headers above 100 MB and repeated names. Nothing is allocated that the file does not hold. Tensors are
// on the CPU.
[[nodiscard]] Result<TensorFile> ReadTensors(const std::string& path);

}  // namespace plasa::trainer
