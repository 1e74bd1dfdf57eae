#include <utility>

#include "common/sweep/parameters.h"
#include "common/sweep/plasa_keys.h"
#include "common/sweep/sweep.h"
#include "common/sweep/wandb_keys.h"

namespace plasa {
namespace {

using sweep::Draft;
using sweep::Mark;
using sweep::Parameters;
using sweep::Section;
using sweep::YamlNode;

std::string Place(std::string_view source, const Mark& mark) {
  std::string place(source);
  if (mark.line > 0) place += ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column);
  return place;
}

void RemarkExponents(const Parameters& parameters, SweepSpec* spec) {
  for (const auto& [name, parameter] : parameters) {
    if (!parameter.distribution->exponents) continue;
    spec->remarks.push_back("min and max of " + name + " are exponents of e, as " +
                            std::string(parameter.distribution->word) + " has them");
  }
}

SweepSpec Read(const YamlNode& root) {
  Draft draft;
  const Section top(root, "", sweep::TopKeys());
  sweep::ReadWandbKeys(top, &draft);
  const YamlNode* const node = top.Find("parameters");
  if (node == nullptr)
    sweep::Refuse(root.mark, "parameters is missing", "for example parameters: {lr: {values: [0.001, 0.01]}}");
  const Parameters parameters = sweep::ReadParameters(*node, draft.spec.method == "grid");
  RemarkExponents(parameters, &draft.spec);
  draft.spec.space = sweep::SpaceOf(parameters);
  draft.file["parameters"] = sweep::FileOf(parameters);
  sweep::ReadPlasaKeys(top.Find("plasa"), parameters, &draft);
  draft.spec.canonical = Value(std::move(draft.file));
  return std::move(draft.spec);
}

}  // namespace

Result<SweepSpec> ParseSweep(std::string_view text, std::string_view source) {
  try {
    return Read(sweep::ReadYaml(text));
  } catch (const sweep::Refusal& refusal) {
    return Error{refusal.what, Place(source, refusal.mark), refusal.mend};
  }
}

}  // namespace plasa
