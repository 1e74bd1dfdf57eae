// CRC-32C (Castagnoli).
#pragma once

#include <cstdint>
#include <string_view>

namespace plasa {

[[nodiscard]] uint32_t Crc32c(std::string_view bytes);

}  // namespace plasa
