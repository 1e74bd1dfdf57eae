#include <cstdio>

#include "common/experiment/schedule.h"

namespace plasa {
namespace {

constexpr const char* kFunctions[] = {"Early (local patterns)", "Middle (feature composition)",
                                      "Late (global context)"};

template <class... Args>
std::string Line(const char* format, Args... args) {
  char text[160];
  std::snprintf(text, sizeof text, format, args...);
  return std::string(text) + "\n";
}

double Percent(double part, double whole) { return 100.0 * part / whole; }

}  // namespace

std::string ScheduleTable(std::string_view name, const std::vector<int64_t>& keys, int64_t length, Thirds rule,
                          int64_t block) {
  const auto n = static_cast<int64_t>(keys.size());
  std::string out = "Schedule: " + std::string(name) + "  (n_layers=" + std::to_string(n) +
                    ", L=" + std::to_string(length) + ", thirds=" + std::string(EnumWord(rule)) + ")\n";
  out += Line("%-6s %8s %9s %9s  %s", "layer", "k", "k/L", "pairs", "function");
  const auto all = static_cast<double>(Pairs(length, length));
  int64_t sum = 0;
  int64_t pairs = 0;
  for (int64_t i = 0; i < n; ++i) {
    const int64_t k = keys[i], selected = SelectedPairs(k, block, length);
    out += Line("%-6d %8d %8.2f%% %8.2f%%  %s", static_cast<int>(i), static_cast<int>(k),
                Percent(static_cast<double>(k), static_cast<double>(length)),
                Percent(static_cast<double>(selected), all), kFunctions[ThirdOf(i, n, rule)]);
    sum += k;
    pairs += selected;
  }
  out += Line("total  %8d %8.2f%% %8.2f%%", static_cast<int>(sum),
              Percent(static_cast<double>(sum), static_cast<double>(n * length)),
              Percent(static_cast<double>(pairs), static_cast<double>(n) * all));
  if (block > 0)
    out += "Keys are chosen by block selection, " + std::to_string(block) +
           " keys a block: another algorithm than PLASA\n";
  return out;
}

std::string ScheduleTable(const Config& config, int64_t length) {
  return ScheduleTable(config.schedule, LayerKeys(config, length), length, config.thirds, config.select_block);
}

}  // namespace plasa
