// Randomness that cannot be guessed. Numbers that results depend on come from common/base/philox.h instead.
#pragma once

#include <cstddef>
#include <string>

namespace plasa {

// `count` bytes of the kernel's generator. Aborts when the kernel has none to give (it always has).
[[nodiscard]] std::string RandomBytes(size_t count);

// `count` random bytes as 2 * count lower-case hexadecimal digits.
[[nodiscard]] std::string RandomHex(size_t count);

// A random UUID (version 4).
[[nodiscard]] std::string RandomUuid();

}  // namespace plasa
