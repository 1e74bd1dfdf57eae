#include "common/sweep/early_terminate.h"

#include "common/sweep/section.h"

namespace plasa::sweep {

Value ReadEarlyTerminate(const YamlNode& node) {
  const Section section(node, "early_terminate", {"type", "min_iter", "max_iter", "s", "eta", "strict"});
  const YamlNode* const type = section.Find("type");
  if (type == nullptr) Refuse(node.mark, "early_terminate needs a type", "type: hyperband");
  Value::Object out{{"type", ReadWord(*type, "early_terminate.type", {"hyperband"})}, {"eta", 3}, {"strict", true}};
  for (const char* key : {"min_iter", "max_iter"}) {
    if (const auto* iterations = section.Find(key)) out[key] = ReadWhole(*iterations, section.Name(key), 1);
  }
  if (const auto* s = section.Find("s")) out["s"] = ReadNumber(*s, "early_terminate.s");
  if (const auto* eta = section.Find("eta")) out["eta"] = ReadNumber(*eta, "early_terminate.eta");
  if (const auto* strict = section.Find("strict")) out["strict"] = ReadBool(*strict, "early_terminate.strict");
  if (out["eta"].Number() <= 1) Refuse(section.Find("eta")->mark, "early_terminate.eta must be above 1");
  if (!out.contains("min_iter") && !(out.contains("max_iter") && out.contains("s"))) {
    Refuse(node.mark, "early_terminate needs min_iter, or max_iter and s");
  }
  return Value(std::move(out));
}

}  // namespace plasa::sweep
