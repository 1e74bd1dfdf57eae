// What every target needs: a place for the input as a file, and a way to object.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "temp_dir.h"

namespace plasa::fuzz {

// The folder all inputs of the process are written to.
inline const TempDir& InputFolder() {
  static const TempDir folder;
  return folder;
}

inline std::string_view AsText(const uint8_t* data, size_t size) { return {reinterpret_cast<const char*>(data), size}; }

// A property that must hold whatever the input is.
inline void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace plasa::fuzz
