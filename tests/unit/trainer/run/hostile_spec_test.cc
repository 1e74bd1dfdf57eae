// spec.json files that ask for what cannot be: a sentence, never a crash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temp_dir.h"
#include "trainer/spec.h"

namespace plasa::trainer {
namespace {

using ::testing::HasSubstr;

// What stands against a file of this text, or against its data; empty if nothing does.
std::string Refusal(const std::string& text) {
  const TempDir dir;
  const auto spec = ReadRunSpec(dir.Write("spec.json", text));
  if (!spec) return spec.error().Text();
  const auto data = OpenDataset(spec->data, WindowOptionsOf(spec->config));
  return data ? "" : data.error().Text();
}

std::string RefusalOfTask(const std::string& members) {
  return Refusal(R"({"params":{"seq_len":32},"data":{)" + members + "}}");
}

TEST(HostileSpec, RefusesAbsurdNesting) {
  for (const std::string start : {"", R"({"params":)", R"({"params":{"data":)", R"({"ignored":)"}) {
    EXPECT_THAT(Refusal(start + std::string(200'000, '[')), HasSubstr("nested"));
    std::string objects;
    for (int i = 0; i < 100'000; ++i) objects += R"({"a":)";
    EXPECT_THAT(Refusal(start + objects), HasSubstr("nested"));
  }
}

TEST(HostileSpec, RefusesFilesThatAreTooLargeOrEndless) {
  const auto endless = ReadRunSpec("/dev/zero");
  ASSERT_FALSE(endless);
  EXPECT_THAT(endless.error().Text(), HasSubstr("larger than"));
  EXPECT_FALSE(ReadRunSpec("/"));
  EXPECT_FALSE(ReadRunSpec("/no/such/spec.json"));
}

TEST(HostileSpec, ShortensWhatItQuotes) { EXPECT_LT(Refusal("\"" + std::string(1'000'000, 'x')).size(), 500u); }

TEST(HostileSpec, RefusesNumbersThatDoNotFit) {
  for (const char* number :
       {"1e999", "-1e999", "18446744073709551615", "9223372036854775808", "-9223372036854775809"}) {
    EXPECT_NE(Refusal(R"({"params":{"steps":)" + std::string(number) + "}}"), "") << number;
    EXPECT_NE(Refusal(R"({"params":{"threads":)" + std::string(number) + "}}"), "") << number;
  }
  EXPECT_NE(Refusal(R"({"params":{"lr":1e999}})"), "");
}

TEST(HostileSpec, RefusesTasksOfAbsurdSize) {
  constexpr char kHuge[] = "9223372036854775807";
  for (const char* task : {"mqar", "selective_copy", "induction", "needle", "markov", "canary"}) {
    for (const char* size : {"vocab", "pairs", "marks", "lag", "validation"}) {
      const std::string members = R"("task":")" + std::string(task) + R"(",")" + size + "\":" + kHuge;
      const bool used = std::string(size) == "vocab" || std::string(size) == "validation";
      if (used) {
        EXPECT_NE(RefusalOfTask(members), "") << members;
      } else {
        (void)RefusalOfTask(members);
      }
    }
  }
  EXPECT_NE(RefusalOfTask(R"("task":"selective_copy","marks":9223372036854775807)"), "");
  EXPECT_NE(RefusalOfTask(R"("task":"mqar","pairs":9223372036854775807)"), "");
  EXPECT_NE(RefusalOfTask(R"("task":"needle","pairs":9223372036854775807)"), "");
  EXPECT_NE(RefusalOfTask(R"("task":"markov","lag":9223372036854775807)"), "");
  EXPECT_NE(RefusalOfTask(R"("task":"mqar","vocab":2)"), "");
  EXPECT_NE(RefusalOfTask(R"("task":"needle","depth":1e300)"), "");
}

TEST(HostileSpec, AnEndOfDocumentIsAnId) {
  EXPECT_THAT(Refusal(R"({"params":{},"data":{"path":"x.bin","eot_id":4294967296}})"), HasSubstr("eot_id"));
}

}  // namespace
}  // namespace plasa::trainer
