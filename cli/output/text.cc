#include "cli/output/text.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/number_text.h"

namespace plasa::cli {
namespace {

constexpr const char* kBar[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
constexpr const char* kSpark[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

struct Unit {
  absl::string_view suffix;
  double seconds;
};
constexpr Unit kUnits[] = {{"ms", 1e-3}, {"s", 1}, {"m", 60}, {"min", 60}, {"h", 3600}, {"d", 86400}, {"", 1}};

}  // namespace

std::string Rounded(double value, int digits) {
  if (!std::isfinite(value)) return NumberText(value);
  return absl::StrFormat("%.*g", digits, value);
}

std::string DurationText(double seconds) {
  if (!(seconds >= 0)) return "unknown";
  const auto whole = static_cast<int64_t>(std::llround(seconds));
  if (whole < 60) return absl::StrCat(whole, " s");
  if (whole < 3600) return absl::StrCat(whole / 60, " min ", whole % 60, " s");
  return absl::StrCat(whole / 3600, " h ", whole % 3600 / 60, " min");
}

std::string AgoText(double then_s, double now_s) { return DurationText(std::max(0.0, now_s - then_s)) + " ago"; }

std::optional<double> ParseDuration(absl::string_view text) {
  const size_t unit_at = std::min(text.find_first_not_of("0123456789.+-"), text.size());
  const auto number = ParseDouble(std::string(text.substr(0, unit_at)));
  if (!number || !std::isfinite(*number) || *number < 0) return std::nullopt;
  for (const Unit& unit : kUnits) {
    if (unit.suffix == text.substr(unit_at)) return *number * unit.seconds;
  }
  return std::nullopt;
}

std::string BarText(double share, int width) {
  const double clamped = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0;
  const int eighths = static_cast<int>(std::lround(clamped * width * 8));
  std::string out;
  for (int i = 0; i < width; ++i) {
    const int fill = std::clamp(eighths - i * 8, 0, 8);
    out += fill == 0 ? "·" : kBar[fill];
  }
  return out;
}

std::string SparkText(const std::vector<double>& values, size_t width) {
  const size_t first = values.size() > width ? values.size() - width : 0;
  double low = INFINITY;
  double high = -INFINITY;
  for (size_t i = first; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    low = std::min(low, values[i]);
    high = std::max(high, values[i]);
  }
  std::string out;
  for (size_t i = first; i < values.size(); ++i) {
    const double share = high > low ? (values[i] - low) / (high - low) : 0.0;
    out += std::isfinite(values[i]) ? kSpark[std::clamp(static_cast<int>(share * 8), 0, 7)] : " ";
  }
  return out;
}

}  // namespace plasa::cli
