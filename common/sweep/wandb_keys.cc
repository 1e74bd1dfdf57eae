#include "common/sweep/wandb_keys.h"

#include <array>

#include "common/sweep/early_terminate.h"

namespace plasa::sweep {
namespace {

// Accepted as they are, kept, and without effect: plasa places trials itself and runs only what its workers allow.
constexpr std::array<const char*, 11> kWithoutEffect = {"apiVersion", "kind",        "controller", "job",
                                                        "image_uri",  "entity",      "project",    "command",
                                                        "scheduler",  "description", "metrics"};
// Those of them nobody would expect to do anything.
bool IsLabel(std::string_view key) { return key == "description" || key == "apiVersion" || key == "kind"; }

std::string KeysOf(const YamlNode& node) {
  Names keys;
  for (const auto& member : node.members) keys.push_back(member.key);
  return keys.empty() ? "" : " (" + Listed(keys) + ")";
}

void ReadMethod(const Section& top, Draft* draft) {
  const YamlNode* const node = top.Find("method");
  if (node == nullptr) Refuse(top.mark(), "method is missing", "add method: grid, random or bayes");
  if (node->text == "custom")
    Refuse(node->mark, "method custom asks a program of W&B", "method is grid, random or bayes here");
  draft->spec.method = ReadWord(*node, "method", {"grid", "random", "bayes"});
  draft->file["method"] = draft->spec.method;
}

void ReadMetric(const Section& top, Draft* draft) {
  Value::Object file;
  if (const YamlNode* const node = top.Find("metric")) {
    if (!node->IsMap()) RefuseValue(*node, "metric", "a mapping such as {name: val/loss, goal: minimize}");
    const Section metric(*node, "metric", {"name", "goal", "target", "impute", "impute_while_running"});
    if (const auto* name = metric.Find("name")) draft->spec.metric = ReadText(*name, "metric.name");
    if (const auto* goal = metric.Find("goal"))
      draft->spec.goal = ReadWord(*goal, "metric.goal", {"minimize", "maximize"});
    if (const auto* target = metric.Find("target")) file["target"] = ReadNumber(*target, "metric.target");
    for (const char* key : {"impute", "impute_while_running"}) {
      const auto* impute = metric.Find(key);
      if (impute) file[key] = ReadWord(*impute, metric.Name(key), {"latest", "best", "worst", "false"});
    }
    if (file.contains("target"))
      draft->spec.remarks.push_back("metric.target has no effect: a sweep does not end when a trial reaches it");
  }
  file["name"] = draft->spec.metric;
  file["goal"] = draft->spec.goal;
  draft->file["metric"] = std::move(file);
}

void ReadRunCap(const Section& top, Draft* draft) {
  const YamlNode* const node = top.Find("run_cap");
  if (node == nullptr) return;
  draft->spec.run_cap = ReadWhole(*node, "run_cap", 1);
  draft->file["run_cap"] = draft->spec.run_cap;
}

void ReadWithoutEffect(const Section& top, Draft* draft) {
  for (const char* key : kWithoutEffect) {
    const YamlNode* const node = top.Find(key);
    if (node == nullptr) continue;
    draft->file[key] = ToValue(*node);
    if (!IsLabel(key)) draft->spec.remarks.push_back(key + KeysOf(*node) + " is kept but has no effect here");
  }
}

}  // namespace

const Names& TopKeys() {
  static const Names keys = [] {
    Names all(kWithoutEffect.begin(), kWithoutEffect.end());
    for (const char* key :
         {"name", "method", "metric", "parameters", "run_cap", "early_terminate", "program", "plasa"}) {
      all.emplace_back(key);
    }
    return all;
  }();
  return keys;
}

void ReadWandbKeys(const Section& top, Draft* draft) {
  ReadMethod(top, draft);
  if (const auto* name = top.Find("name")) draft->spec.name = ReadText(*name, "name");
  if (!draft->spec.name.empty()) draft->file["name"] = draft->spec.name;
  ReadMetric(top, draft);
  ReadRunCap(top, draft);
  if (const auto* stopping = top.Find("early_terminate")) draft->spec.early_terminate = ReadEarlyTerminate(*stopping);
  if (!draft->spec.early_terminate.IsNull()) draft->file["early_terminate"] = draft->spec.early_terminate;
  if (const auto* program = top.Find("program")) draft->spec.trainer = ReadText(*program, "program");
  ReadWithoutEffect(top, draft);
}

}  // namespace plasa::sweep
