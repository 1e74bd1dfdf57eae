#include "coordinator/store/row_json.h"

#include <boost/json.hpp>

#include "common/runtime/json.h"

namespace plasa::store {
namespace {

namespace json = boost::json;

template <class Numbers>
json::array ArrayOf(const Numbers& numbers) {
  json::array array;
  for (const auto& number : numbers) array.emplace_back(number);
  return array;
}

// The list of member `key`, or an empty one.
json::array ListOr(const json::object& object, const char* key) {
  const json::value* list = object.if_contains(key);
  return list != nullptr && list->is_array() ? list->get_array() : json::array();
}

json::array ParseList(const std::string& text) {
  const auto value = ParseJson(text);
  return value.ok() && value->is_array() ? value->get_array() : json::array();
}

std::vector<std::string> TextsOf(const json::array& list) {
  std::vector<std::string> texts;
  for (const json::value& item : list) {
    if (item.is_string()) texts.emplace_back(item.get_string());
  }
  return texts;
}

json::object CertificateObject(const coordinator::ResumeCertificate& certificate) {
  return {{"loaded", certificate.loaded},
          {"from", certificate.from},
          {"hardware_class", certificate.hardware_class},
          {"chain", certificate.chain},
          {"objection", certificate.objection}};
}

coordinator::ResumeCertificate CertificateOf(const json::object& object) {
  return {TextOr(object, "loaded", ""), IntegerOr(object, "from", 0), TextOr(object, "hardware_class", ""),
          TextOr(object, "chain", ""), TextOr(object, "objection", "")};
}

void ReadNumbers(const json::array& list, std::set<int32_t>* numbers) {
  for (const json::value& item : list) {
    if (item.is_int64()) numbers->insert(static_cast<int32_t>(item.get_int64()));
  }
}

}  // namespace

std::string LimitsJson(const TrialLimits& limits) {
  json::object rules;
  for (const auto& [pattern, action] : limits.log_rules) rules[pattern] = action;
  return json::serialize(json::object{{"slots", limits.slots},
                                      {"device", limits.device},
                                      {"memory_bytes", limits.memory_bytes},
                                      {"hardware_class", limits.hardware_class},
                                      {"timeout_ms", limits.timeout_ms},
                                      {"lost_after_ms", limits.lost_after_ms},
                                      {"checkpoint_every_ms", limits.checkpoint_every_ms},
                                      {"max_attempts", limits.max_attempts},
                                      {"canary", limits.canary},
                                      {"log_rules", std::move(rules)}});
}

TrialLimits ReadLimits(const std::string& text) {
  const json::object object = ParseObjectOrEmpty(text);
  TrialLimits limits;
  limits.slots = IntegerOr(object, "slots", limits.slots);
  limits.device = TextOr(object, "device", "");
  limits.memory_bytes = IntegerOr(object, "memory_bytes", 0);
  limits.hardware_class = TextOr(object, "hardware_class", "");
  limits.timeout_ms = IntegerOr(object, "timeout_ms", 0);
  limits.lost_after_ms = IntegerOr(object, "lost_after_ms", limits.lost_after_ms);
  limits.checkpoint_every_ms = IntegerOr(object, "checkpoint_every_ms", limits.checkpoint_every_ms);
  limits.max_attempts = IntegerOr(object, "max_attempts", limits.max_attempts);
  limits.canary = BoolOr(object, "canary", false);
  const json::value* rules = object.if_contains("log_rules");
  if (rules == nullptr || !rules->is_object()) return limits;
  for (const auto& rule : rules->as_object()) {
    if (rule.value().is_string()) limits.log_rules[std::string(rule.key())] = rule.value().as_string().c_str();
  }
  return limits;
}

std::string FailuresJson(const coordinator::TrialRecord& trial) {
  json::object object;
  for (const auto& [cause, count] : trial.failures) object[coordinator::Word(cause)] = count;
  return json::serialize(object);
}

void ReadFailures(const std::string& text, coordinator::TrialRecord* trial) {
  for (const auto& member : ParseObjectOrEmpty(text)) {
    const std::string word(member.key());
    const auto cause = coordinator::ParseCause(word);
    if (cause && member.value().is_int64()) trial->failures[*cause] = member.value().get_int64();
  }
}

std::string AuditsJson(const coordinator::AttemptRecord& attempt) {
  return json::serialize(
      json::object{{"passed", ArrayOf(attempt.audits_passed)}, {"failed", ArrayOf(attempt.audits_failed)}});
}

void ReadAudits(const std::string& text, coordinator::AttemptRecord* attempt) {
  const json::object object = ParseObjectOrEmpty(text);
  ReadNumbers(ListOr(object, "passed"), &attempt->audits_passed);
  ReadNumbers(ListOr(object, "failed"), &attempt->audits_failed);
}

std::string ResultJson(const coordinator::AttemptRecord& attempt) {
  if (!attempt.result) return "";
  return json::serialize(
      json::object{{"valid", attempt.result->valid}, {"invalid_reasons", ArrayOf(attempt.result->invalid_reasons)}});
}

void ReadResult(const std::string& text, coordinator::AttemptRecord* attempt) {
  if (text.empty()) return;
  const json::object object = ParseObjectOrEmpty(text);
  attempt->result = ResultFacts{BoolOr(object, "valid", false), TextsOf(ListOr(object, "invalid_reasons"))};
}

std::string CertificateJson(const coordinator::ResumeCertificate& certificate) {
  return json::serialize(CertificateObject(certificate));
}

coordinator::ResumeCertificate ReadCertificate(const std::string& text) {
  return CertificateOf(ParseObjectOrEmpty(text));
}

std::string OriginJson(const coordinator::PublishedCheckpoint& checkpoint) {
  return json::serialize(json::object{{"attempt", checkpoint.number},
                                      {"build", checkpoint.build},
                                      {"data_digest", checkpoint.data_digest},
                                      {"certificate", CertificateObject(checkpoint.certificate)}});
}

void ReadOrigin(const std::string& text, coordinator::PublishedCheckpoint* checkpoint) {
  const json::object object = ParseObjectOrEmpty(text);
  checkpoint->number = IntegerOr(object, "attempt", 0);
  checkpoint->build = TextOr(object, "build", "");
  checkpoint->data_digest = TextOr(object, "data_digest", "");
  const json::value* certificate = object.if_contains("certificate");
  if (certificate != nullptr && certificate->is_object())
    checkpoint->certificate = CertificateOf(certificate->as_object());
}

std::string SlotsJson(const std::vector<WorkerSlot>& slots) {
  json::array array;
  for (const WorkerSlot& slot : slots) {
    array.push_back({{"index", slot.index},
                     {"kind", slot.device.kind},
                     {"model", slot.device.model},
                     {"memory_bytes", static_cast<int64_t>(slot.device.memory_bytes)},
                     {"hardware_class", slot.device.hardware_class}});
  }
  return json::serialize(array);
}

std::vector<WorkerSlot> ReadSlots(const std::string& text) {
  std::vector<WorkerSlot> slots;
  for (const json::value& item : ParseList(text)) {
    if (!item.is_object()) continue;
    const json::object& object = item.get_object();
    slots.push_back(
        {static_cast<int32_t>(IntegerOr(object, "index", 0)),
         {TextOr(object, "kind", ""), TextOr(object, "model", ""),
          static_cast<uint64_t>(IntegerOr(object, "memory_bytes", 0)), TextOr(object, "hardware_class", "")}});
  }
  return slots;
}

std::string TextsJson(const std::vector<std::string>& texts) { return json::serialize(ArrayOf(texts)); }

std::vector<std::string> ReadTexts(const std::string& text) { return TextsOf(ParseList(text)); }

}  // namespace plasa::store
