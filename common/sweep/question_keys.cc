#include "common/sweep/question_keys.h"

#include <re2/re2.h>

#include <numeric>

#include "common/experiment/contrast.h"
#include "common/experiment/contrast_sets.h"
#include "common/experiment/looks.h"
#include "common/sweep/controls.h"

namespace plasa::sweep {
namespace {

constexpr double kMargin = 0.02;
constexpr int64_t kMaxSeeds = kLooks.back();
constexpr size_t kMaxPattern = 200;

// The name of a set, or a list of `a - b [at key=value] [on metric]`.
Value ReadContrasts(const YamlNode& node) {
  if (node.IsMap()) RefuseValue(node, "plasa.contrasts", "the name of a set, or a list of contrasts");
  if (!node.IsList()) return Value(ReadWord(node, "plasa.contrasts", ContrastSetNames()));
  Value::List contrasts;
  for (const YamlNode& item : node.items) {
    const std::string text = ReadText(item, "plasa.contrasts");
    if (!ParseContrast(text, "").ok())
      RefuseValue(item, "plasa.contrasts", "of the form a - b at seq_len=1024 on val/loss");
    contrasts.emplace_back(text);
  }
  return Value(std::move(contrasts));
}

// `until_decided` chooses the seeds itself: those of the first look to begin with. Precondition: contrasts and
// max_seeds are read.
void ReadReplication(const Section& section, const Parameters& parameters, SweepSpec* spec, Value::Object* file) {
  const auto* node = section.Find("replicate");
  if (node == nullptr || ReadWord(*node, "plasa.replicate", {"fixed", "until_decided"}) == "fixed") return;
  if (section.Find("seeds") != nullptr || parameters.contains("seed")) {
    Refuse(node->mark, "plasa.replicate: until_decided chooses the seeds, and this sweep names some",
           "leave them out: 12 seeds are run first, then 16 and 20 where contrasts are undecided");
  }
  if (!spec->early_terminate.IsNull()) {
    Refuse(node->mark, "plasa.replicate: until_decided does not go with early_terminate, which stops cells unequally",
           "leave out one of them");
  }
  if (!file->contains("contrasts"))
    Refuse(node->mark, "plasa.replicate: until_decided needs contrasts to decide", "plasa.contrasts: exp3");
  if (spec->max_seeds < kLooks.front() || spec->max_seeds > kLooks.back()) {
    Refuse(section.Find("max_seeds")->mark,
           "plasa.max_seeds must be 12 to 20 with replicate: until_decided, which looks at 12, 16 and 20 seeds");
  }
  spec->until_decided = true;
  spec->seeds.resize(static_cast<size_t>(kLooks.front()));
  std::iota(spec->seeds.begin(), spec->seeds.end(), 1);
  (*file)["replicate"] = "until_decided";
}

void ReadNumbers(const Section& section, SweepSpec* spec, Value::Object* file) {
  if (const auto* node = section.Find("margin")) {
    const double margin = ReadNumber(*node, "plasa.margin");
    if (margin <= 0) RefuseValue(*node, "plasa.margin", "above 0");
    if (margin != kMargin) (*file)["margin"] = margin;
  }
  if (const auto* node = section.Find("max_seeds")) {
    spec->max_seeds = ReadWhole(*node, "plasa.max_seeds", 1, kMaxTrials);
    if (spec->max_seeds != kMaxSeeds) (*file)["max_seeds"] = spec->max_seeds;
  }
}

void CheckPattern(const YamlNode::Member& rule) {
  if (rule.key.empty() || rule.key.size() > kMaxPattern)
    Refuse(rule.mark, "plasa.log_rules: a pattern has 1 to 200 bytes");
  const RE2 pattern(rule.key, RE2::Quiet);
  if (!pattern.ok())
    Refuse(rule.mark, "plasa.log_rules: " + rule.key + " is no regular expression: " + pattern.error());
}

Value ReadLogRules(const YamlNode& node, TrialLimits* limits) {
  if (!node.IsMap()) RefuseValue(node, "plasa.log_rules", "a mapping such as {\"CUDA error\": exclude_worker}");
  Value::Object rules;
  for (const auto& rule : node.members) {
    CheckPattern(rule);
    limits->log_rules[rule.key] = ReadWord(rule.value, "plasa.log_rules", {"do_not_retry", "exclude_worker"});
    rules[rule.key] = limits->log_rules[rule.key];
  }
  return Value(std::move(rules));
}

Value ReadTags(const YamlNode& node) {
  Value::List tags;
  if (!node.IsList()) return Value(Value::List{ReadText(node, "plasa.tags")});
  for (const YamlNode& item : node.items) tags.emplace_back(ReadText(item, "plasa.tags"));
  return Value(std::move(tags));
}

}  // namespace

void ReadQuestionKeys(const Section& section, const Parameters& parameters, SweepSpec* spec, Value::Object* file) {
  if (const auto* node = section.Find("contrasts"); node != nullptr && node->text != "none")
    (*file)["contrasts"] = ReadContrasts(*node);
  ReadControls(section, spec, file);
  ReadNumbers(section, spec, file);
  ReadReplication(section, parameters, spec, file);
  if (const auto* node = section.Find("log_rules")) (*file)["log_rules"] = ReadLogRules(*node, &spec->limits);
  if (const auto* node = section.Find("tags")) (*file)["tags"] = ReadTags(*node);
  if (const auto* node = section.Find("notes")) (*file)["notes"] = ReadText(*node, "plasa.notes");
}

}  // namespace plasa::sweep
