#include "common/sweep/identity.h"

#include <map>
#include <utility>

#include "common/base/sha256.h"
#include "common/experiment/config.h"
#include "common/experiment/results_version.h"

namespace plasa {
namespace {

// What the defaults resolve to, as canonical texts: the keys a trial does not have to mention.
const std::map<std::string, std::string>& StandardTexts() {
  static const auto& texts = *[] {
    auto* made = new std::map<std::string, std::string>;
    const Value standard = ConfigValue(*ResolveConfig(Value(Value::Object{})));
    for (const auto& [key, value] : standard.As<Value::Object>()) (*made)[key] = value.CanonicalJson();
    return made;
  }();
  return texts;
}

Value::Object DifferentFromStandard(const Config& config) {
  Value::Object different;
  const Value resolved = ConfigValue(config);
  auto standard = StandardTexts().begin();  // both are sorted and hold every key
  for (const auto& [key, value] : resolved.As<Value::Object>()) {
    if (value.CanonicalJson() != (standard++)->second) different[key] = value;
  }
  return different;
}

}  // namespace

namespace sweep {

Result<CellIdentity> CellIdentity::Of(const SweepSpec& spec, const Value::Object& params) {
  if (spec.trainer != "plasa") return CellIdentity(spec, params);
  const auto config = ResolveConfig(Value(params));
  if (!config.ok()) return config.error();
  return CellIdentity(spec, DifferentFromStandard(*config));
}

std::string CellIdentity::TrialId(int64_t seed) const {
  Value::Object params = params_;
  params["seed"] = seed;
  // NOLINTBEGIN(clang-analyzer-core.CallAndMessage): it loses sight of the variant in `data`.
  Value::Object identity{{"params", std::move(params)},
                         {"data", spec_->data},
                         {"trainer", spec_->trainer},
                         {"results_version", static_cast<int64_t>(kResultsVersion)}};
  // NOLINTEND(clang-analyzer-core.CallAndMessage)
  return Sha256Hex(Value(std::move(identity)).CanonicalJson()).substr(0, 16);
}

}  // namespace sweep

std::string TrialId(const SweepSpec& spec, const Value::Object& params) {
  const auto found = params.find("seed");
  const bool has_seed = found != params.end() && found->second.Is<int64_t>();
  const int64_t seed = has_seed ? found->second.As<int64_t>() : spec.seeds.front();
  const auto identity = sweep::CellIdentity::Of(spec, params);
  return identity.ok() ? identity->TrialId(seed) : sweep::CellIdentity(spec, params).TrialId(seed);
}

std::string SweepId(const SweepSpec& spec) { return "s" + Sha256Hex(spec.canonical.CanonicalJson()).substr(0, 8); }

}  // namespace plasa
