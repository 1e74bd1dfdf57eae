#include "coordinator/rpc/event_facts.h"

#include <gtest/gtest.h>

namespace plasa::rpc {
namespace {

TEST(FactsOf, ReadsWhatTheCoreDecidesOn) {
  const auto start = std::get<StartFacts>(
      FactsOf("start", R"({"steps_total":150,"hardware_class":"h","build":"b","data_digest":"d"})"));
  EXPECT_EQ(start.steps_total, 150);
  EXPECT_EQ(start.hardware_class + start.build + start.data_digest, "hbd");
  const auto audit = std::get<AuditFacts>(FactsOf("audit", R"({"number":13,"passed":true})"));
  EXPECT_EQ(audit.number, 13);
  EXPECT_TRUE(audit.passed);
  const auto result =
      std::get<ResultFacts>(FactsOf("result", R"({"valid":false,"invalid_reasons":["mode","ref_leak"]})"));
  EXPECT_FALSE(result.valid);
  EXPECT_EQ(result.invalid_reasons, (std::vector<std::string>{"mode", "ref_leak"}));
  EXPECT_EQ(std::get<ProgressFacts>(FactsOf("progress", R"({"steps_total":9})")).steps_total, 9);
}

TEST(FactsOf, RubbishIsAnAuditThatDidNotPass) {
  for (const char* json : {"", "[]", "{", R"({"passed":"yes"})", R"({"number":"one"})"}) {
    EXPECT_FALSE(std::get<AuditFacts>(FactsOf("audit", json)).passed) << json;
  }
}

TEST(FactsOf, OtherEventsHaveNone) {
  for (const char* type : {"metric", "note", "stats", "checkpoint", "unheard of"}) {
    EXPECT_TRUE(std::holds_alternative<std::monostate>(FactsOf(type, "{}"))) << type;
  }
}

}  // namespace
}  // namespace plasa::rpc
