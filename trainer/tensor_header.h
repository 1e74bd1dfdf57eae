// The header of a safetensors file, checked before anything is allocated by what it says.
#pragma once

#include <c10/core/ScalarType.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/base/result.h"

namespace plasa::trainer {

// One tensor: bytes [begin, end) behind the header are its elements, row-major.
struct TensorEntry {
  std::string name;
  at::ScalarType type;
  std::vector<int64_t> shape;
  uint64_t begin = 0, end = 0;
};

struct TensorHeader {
  std::vector<TensorEntry> entries;  // by offset: without gaps, from 0 to the end of the file
  std::map<std::string, std::string> metadata;
};

// Reads the header `text` of a file that has `data_size` bytes behind it. Fails, in one short sentence that says
// neither where nor how to mend it, on offsets that overlap, leave gaps, leave the file or do not fit shape and type,
// on more than 64 dimensions and on repeated names.
[[nodiscard]] Result<TensorHeader> ParseTensorHeader(const std::string& text, uint64_t data_size);

// How a header calls a type ("F32"); nullptr for types it has no name for.
[[nodiscard]] const char* TensorTypeName(at::ScalarType type);

}  // namespace plasa::trainer
