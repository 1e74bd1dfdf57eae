#include "script_words.h"

#include <limits>
#include <stdexcept>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace plasa::coordinator {

ScriptWords WordsOf(const std::string& line) {
  ScriptWords words;
  for (const std::string& word : static_cast<std::vector<std::string>>(absl::StrSplit(line, ' ', absl::SkipEmpty()))) {
    const size_t equals = word.find('=');
    const bool is_plain =
        equals == std::string::npos || word.find('#') != std::string::npos || word.starts_with("metric:");
    if (is_plain) words.plain.push_back(word);
    if (!is_plain) words.values[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return words;
}

int64_t Number(const std::string& text) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) throw std::runtime_error("not a number: " + text);
  return number;
}

int64_t Milliseconds(const std::string& text) {
  if (text.ends_with("ms")) return Number(text.substr(0, text.size() - 2));
  if (text.ends_with("m")) return 60'000 * Number(text.substr(0, text.size() - 1));
  return 1000 * Number(text.substr(0, text.size() - 1));
}

std::vector<std::string> List(const std::string& text) {
  return text.empty() ? std::vector<std::string>() : static_cast<std::vector<std::string>>(absl::StrSplit(text, ','));
}

TrainerEvent EventOf(const std::string& text, uint64_t seq) {
  const std::vector<std::string> at = absl::StrSplit(text, absl::MaxSplits('@', 1));
  const std::vector<std::string> parts = absl::StrSplit(at[0], ':');
  TrainerEvent event;
  event.seq = seq;
  event.type = parts[0];
  event.step = at.size() > 1 ? Number(at[1]) : 0;
  if (event.type == "start")
    event.facts = StartFacts{100, parts.size() > 3 ? parts[3] : "", parts.size() > 2 ? parts[2] : "build", "data",
                             parts.size() > 1 ? parts[1] : ""};
  if (event.type == "audit") event.facts = AuditFacts{static_cast<int32_t>(Number(parts[1])), parts[2] == "ok"};
  if (event.type == "progress") event.facts = ProgressFacts{Number(parts[1])};
  if (event.type == "result")
    event.facts = ResultFacts{parts.size() < 2,
                              parts.size() < 2 ? std::vector<std::string>() : std::vector<std::string>{"ref_leak"}};
  if (event.type == "metric") {
    const std::vector<std::string> pair = absl::StrSplit(parts[1], '=');
    const bool is_nan = pair[1] == "nan";
    event.metrics.emplace_back(
        pair[0], is_nan ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(Number(pair[1])));
  }
  return event;
}

std::string ParameterOf(const ScriptWords& words) { return words.Has("seq_len") ? "seq_len" : "x"; }

std::string SweepText(const ScriptWords& words) {
  const std::string param = ParameterOf(words);
  std::vector<std::string> resources, keys;
  if (words.Has("device")) resources.push_back(absl::StrCat("\"device\":\"", words.Get("device"), "\""));
  if (words.Has("memory")) resources.push_back(absl::StrCat("\"memory\":\"", words.Get("memory"), "\""));
  if (words.Has("class")) resources.push_back(absl::StrCat("\"hardware_class\":\"", words.Get("class"), "\""));
  if (words.Has("slots")) resources.push_back(absl::StrCat("\"slots\":", words.Get("slots")));
  if (!resources.empty()) keys.push_back(absl::StrCat("\"resources\":{", absl::StrJoin(resources, ","), "}"));
  if (words.Has("rule"))
    keys.push_back(absl::StrCat("\"log_rules\":{\"", words.Get("rule"), "\":\"", words.Get("then"), "\"}"));
  if (words.Has("without")) keys.push_back(absl::StrCat("\"exclude\":[{\"x\":[", words.Get("without"), "]}]"));
  std::string early;
  if (words.Has("early")) {
    early = absl::StrCat("\"early_terminate\":{\"type\":\"hyperband\",", words.Get("early"),
                         "},\"metric\":{\"name\":\"loss\",\"goal\":\"", words.Get("goal", "minimize"), "\"},");
  }
  const std::string canary = words.Has("canary") ? R"(,"canary":{"value":true})" : "";
  return absl::StrCat("{\"name\":\"", words.plain.at(1), "\",", early, "\"method\":\"grid\",\"parameters\":{\"", param,
                      "\":{\"values\":[", words.Get(param, "1"), "]}", canary, "},\"plasa\":{\"trainer\":\"",
                      words.Get("trainer", "steps"), "\"",
                      words.Has("until") ? std::string(R"(,"replicate":"until_decided","contrasts":["x=1 - x=2"])")
                                         : absl::StrCat(",\"seeds\":", words.Get("seeds", "1")),
                      ",\"priority\":", words.Get("priority", "0"), ",\"lost_after\":\"",
                      words.Get("lost_after", "60s"), "\",\"max_attempts\":", words.Get("max_attempts", "3"),
                      keys.empty() ? "" : ",", absl::StrJoin(keys, ","), "}}");
}

}  // namespace plasa::coordinator
