#include "common/sweep/seeds.h"

#include <numeric>
#include <set>

namespace plasa::sweep {
namespace {

constexpr int64_t kLargestSeed = int64_t{1} << 53;  // what a JSON number carries exactly

std::vector<int64_t> Range(int64_t base, int64_t count) {
  std::vector<int64_t> seeds(static_cast<size_t>(count));
  std::iota(seeds.begin(), seeds.end(), base);
  return seeds;
}

std::vector<int64_t> ReadSeedList(const YamlNode& node) {
  std::vector<int64_t> seeds;
  std::set<int64_t> seen;
  for (const YamlNode& item : node.items) {
    seeds.push_back(ReadWhole(item, "plasa.seeds", 0, kLargestSeed));
    if (!seen.insert(seeds.back()).second) Refuse(item.mark, "plasa.seeds has " + item.text + " twice");
  }
  if (seeds.empty()) Refuse(node.mark, "plasa.seeds is empty", "a count, a list or {count, base}");
  return seeds;
}

std::vector<int64_t> ReadSeedRange(const YamlNode& node) {
  const Section range(node, "plasa.seeds", {"count", "base"});
  const YamlNode* const count = range.Find("count");
  const YamlNode* const base = range.Find("base");
  if (count == nullptr) Refuse(node.mark, "plasa.seeds needs count", "{count: 10, base: 1}");
  const int64_t first = base == nullptr ? 1 : ReadWhole(*base, "plasa.seeds.base", 0, kLargestSeed - kMaxTrials);
  return Range(first, ReadWhole(*count, "plasa.seeds.count", 1, kMaxTrials));
}

std::vector<int64_t> ReadSeedKey(const YamlNode& node) {
  if (node.IsList()) return ReadSeedList(node);
  if (node.IsMap()) return ReadSeedRange(node);
  return Range(1, ReadWhole(node, "plasa.seeds", 1, kMaxTrials));
}

// A count, a range or a list: the shortest that says it.
Value SeedsText(const std::vector<int64_t>& seeds) {
  const auto count = static_cast<int64_t>(seeds.size());
  if (seeds == Range(seeds.front(), count)) {
    return seeds.front() == 1 ? Value(count) : Value(Value::Object{{"count", count}, {"base", seeds.front()}});
  }
  return Value(Value::List(seeds.begin(), seeds.end()));
}

// The whole numbers among the values of a parameter named `seed`.
std::vector<int64_t> SeedsOf(const Parameter& parameter) {
  std::vector<int64_t> seeds;
  const auto add = [&](const Value& value) {
    if (value.Is<int64_t>()) seeds.push_back(value.As<int64_t>());
  };
  if (parameter.fixed()) add(parameter.fields.at("value"));
  if (parameter.distribution->shape == Shape::kCategorical) {
    for (const Value& value : parameter.Values()) add(value);
  }
  return seeds;
}

}  // namespace

void ReadSeeds(const Section& section, const Parameters& parameters, SweepSpec* spec, Value::Object* file) {
  spec->seeds = {1};
  const YamlNode* const node = section.Find("seeds");
  if (const auto parameter = parameters.find("seed"); parameter != parameters.end()) {
    if (node != nullptr)
      Refuse(node->mark, "seeds are given twice: plasa.seeds and the parameter seed", "keep one of them");
    if (auto seeds = SeedsOf(parameter->second); !seeds.empty()) spec->seeds = std::move(seeds);
    return;
  }
  if (node == nullptr) return;
  spec->seeds = ReadSeedKey(*node);
  if (spec->seeds != std::vector<int64_t>{1}) (*file)["seeds"] = SeedsText(spec->seeds);
}

}  // namespace plasa::sweep

namespace plasa {

int64_t SeedsPerCell(const SweepSpec& spec) {
  return spec.space.As<Value::Object>().contains("seed") ? 1 : static_cast<int64_t>(spec.seeds.size());
}

}  // namespace plasa
