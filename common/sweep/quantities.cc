#include "common/sweep/quantities.h"

#include <array>
#include <cmath>
#include <optional>
#include <string_view>

#include "common/base/number_text.h"
#include "common/sweep/section.h"

namespace plasa::sweep {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};
constexpr std::array<Unit, 5> kTimes = {{{"ms", 1}, {"s", 1e3}, {"m", 60e3}, {"h", 3600e3}, {"d", 86400e3}}};
constexpr std::array<Unit, 9> kSizes = {{{"KiB", 0x1p10},
                                         {"MiB", 0x1p20},
                                         {"GiB", 0x1p30},
                                         {"TiB", 0x1p40},
                                         {"kB", 1e3},
                                         {"MB", 1e6},
                                         {"GB", 1e9},
                                         {"TB", 1e12},
                                         {"B", 1}}};
constexpr double kYearMs = 365 * 86400e3;

// A number followed by one of the units, in the smallest unit.
template <size_t N>
std::optional<double> ReadQuantity(std::string_view text, const std::array<Unit, N>& units) {
  const size_t end = text.find_last_of("0123456789.");
  if (end == std::string_view::npos) return std::nullopt;
  const auto number = ParseDouble(text.substr(0, end + 1));
  std::string_view unit = text.substr(end + 1);
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  for (const Unit& known : units) {
    if (number && unit == known.name) return *number * known.factor;
  }
  return std::nullopt;
}

// A bare number counts `bare` of the smallest unit.
template <size_t N>
std::optional<double> Quantity(const YamlNode& node, const std::array<Unit, N>& units, double bare) {
  if (node.kind != YamlNode::Kind::kScalar) return std::nullopt;
  if (node.scalar.IsNumber()) return node.scalar.Number() * bare;
  return node.scalar.Is<std::string>() ? ReadQuantity(node.scalar.As<std::string>(), units) : std::nullopt;
}

}  // namespace

int64_t ReadDurationMs(const YamlNode& node, const std::string& name, int64_t low_ms, bool may_be_none) {
  if (may_be_none && node.text == "none") return 0;
  const auto ms = Quantity(node, kTimes, 1e3);
  if (!ms || !(*ms >= static_cast<double>(low_ms)) || *ms > kYearMs) {
    RefuseValue(
        node, name,
        "a time such as 30s, 5m or 2h, from " + DurationText(low_ms) + " to a year" + (may_be_none ? ", or none" : ""));
  }
  return std::llround(*ms);
}

std::string DurationText(int64_t ms) {
  if (ms == 0) return "none";
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + "s" : std::to_string(ms) + "ms";
}

int64_t ReadBytes(const YamlNode& node, const std::string& name) {
  const auto bytes = Quantity(node, kSizes, 1);
  if (!bytes || !(*bytes >= 0) || *bytes > 0x1p52) RefuseValue(node, name, "a size such as 512MiB or 8GiB");
  return std::llround(*bytes);
}

}  // namespace plasa::sweep
