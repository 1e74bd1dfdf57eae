// How long a test is to be, where its long form says so.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>

#include "absl/strings/numbers.h"

namespace plasa {

// The number in the environment variable `name`; `otherwise` where it is not set.
inline size_t FromEnvironment(const char* name, size_t otherwise) {
  const char* text = std::getenv(name);
  EXPECT_TRUE(text == nullptr || absl::SimpleAtoi(text, &otherwise)) << name << " is not a number";
  return otherwise;
}

}  // namespace plasa
