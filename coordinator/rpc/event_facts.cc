#include "coordinator/rpc/event_facts.h"

#include <boost/json.hpp>

#include "common/runtime/json.h"

namespace plasa::rpc {
namespace {

namespace json = boost::json;

std::vector<std::string> Texts(const json::object& object, const char* key) {
  std::vector<std::string> texts;
  const json::value* list = object.if_contains(key);
  if (list == nullptr || !list->is_array()) return texts;
  for (const json::value& item : list->get_array()) {
    if (item.is_string()) texts.emplace_back(item.get_string());
  }
  return texts;
}

}  // namespace

EventFacts FactsOf(const std::string& type, const std::string& text) {
  if (type == "start") {
    const json::object event = ParseObjectOrEmpty(text);
    return StartFacts{IntegerOr(event, "steps_total", 0), TextOr(event, "hardware_class", ""),
                      TextOr(event, "build", ""), TextOr(event, "data_digest", ""), TextOr(event, "checkpoint", "")};
  }
  if (type == "audit") {
    const json::object event = ParseObjectOrEmpty(text);
    return AuditFacts{static_cast<int32_t>(IntegerOr(event, "number", 0)), BoolOr(event, "passed", false)};
  }
  if (type == "result") {
    const json::object event = ParseObjectOrEmpty(text);
    return ResultFacts{BoolOr(event, "valid", true), Texts(event, "invalid_reasons")};
  }
  if (type == "progress") return ProgressFacts{IntegerOr(ParseObjectOrEmpty(text), "steps_total", 0)};
  return std::monostate();
}

}  // namespace plasa::rpc
