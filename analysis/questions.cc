#include "analysis/questions.h"

#include "analysis/contrast_sets.h"
#include "common/experiment/looks.h"

namespace plasa::analysis {
namespace {

const Value* Find(const Value& object, std::string_view key) {
  if (!object.Is<Value::Object>()) return nullptr;
  const auto found = object.As<Value::Object>().find(key);
  return found == object.As<Value::Object>().end() ? nullptr : &found->second;
}

std::string TextAt(const Value& object, std::string_view key, const std::string& fallback) {
  const Value* found = Find(object, key);
  return found != nullptr && found->Is<std::string>() ? found->As<std::string>() : fallback;
}

Outcome ReadContrasts(const Value& asked, Questions* questions) {
  if (asked.Is<std::string>()) {
    questions->set = asked.As<std::string>();
    if (FindContrastSet(questions->set) != nullptr) return std::nullopt;
    return Error{"there is no set of contrasts " + questions->set, "plasa.contrasts", ""};
  }
  if (!asked.Is<Value::List>()) return std::nullopt;
  for (const Value& text : asked.As<Value::List>()) {
    auto contrast = ParseContrast(text.Is<std::string>() ? text.As<std::string>() : "", questions->metric);
    if (!contrast.ok()) return contrast.error();
    questions->contrasts.push_back(*std::move(contrast));
  }
  return std::nullopt;
}

// Each look has its share of alpha.
void ReadLooks(const Value& plasa, Questions* questions) {
  if (TextAt(plasa, "replicate", "fixed") != "until_decided") return;
  const Value* most = Find(plasa, "max_seeds");
  questions->alpha /= static_cast<double>(kLooks.size());
  for (const int64_t look : kLooks) {
    if (most == nullptr || look <= most->Number()) questions->looks.push_back(look);
  }
}

}  // namespace

Result<Questions> QuestionsOf(const Value& spec) {
  Questions questions;
  if (const Value* metric = Find(spec, "metric")) {
    questions.metric = TextAt(*metric, "name", questions.metric);
    questions.larger_is_better = TextAt(*metric, "goal", "minimize") == "maximize";
  }
  const Value* plasa = Find(spec, "plasa");
  if (plasa == nullptr) return questions;
  if (const Value* margin = Find(*plasa, "margin"); margin != nullptr && margin->IsNumber())
    questions.margin = margin->Number();
  ReadLooks(*plasa, &questions);
  if (const Value* asked = Find(*plasa, "contrasts")) {
    if (Outcome refused = ReadContrasts(*asked, &questions)) return *refused;
  }
  return questions;
}

bool LargerIsBetter(const Questions& questions, const std::string& metric) {
  if (metric == questions.metric) return questions.larger_is_better;
  return metric.find("accuracy") != std::string::npos || metric.find("score") != std::string::npos;
}

}  // namespace plasa::analysis
