#include "trainer/spec.h"

#include <gtest/gtest.h>

#include "temp_dir.h"

namespace plasa::trainer {
namespace {

Result<RunSpec> Read(const std::string& text) {
  const TempDir dir;
  return ReadRunSpec(dir.Write("spec.json", text));
}

TEST(ReadRunSpec, ReadsWhatAWorkerWrites) {
  const auto spec =
      Read(R"({"v":1,"trial":"3f9c","attempt":1,"token":17,"slot":0,"dir":"/tmp/x","trainer":"plasa","timeout_ms":0,
    "params":{"preset":"demo","schedule":"dense_baseline","seed":1,"seq_len":64},"data":{"corpus":"kjv"},"device":"cpu","threads":2,
    "checkpoint_every_s":5.5,"resume":{"path":"checkpoints/step-50","digest":")" +
           std::string(64, 'a') + R"(","step":50}})");
  ASSERT_TRUE(spec) << spec.error().Text();
  EXPECT_EQ(spec->dir, "/tmp/x");
  EXPECT_EQ(spec->config.d_model, 64);
  EXPECT_EQ(spec->config.threads, 2);
  EXPECT_EQ(spec->checkpoint_every_s, 5.5);
  ASSERT_TRUE(spec->resume);
  EXPECT_EQ(spec->resume->step, 50);
}

TEST(ReadRunSpec, ParamsWinOverTheSlot) {
  const auto spec =
      Read(R"({"params":{"preset":"demo","threads":3,"data":{"task":"canary"}},"data":{"corpus":"kjv"},"threads":1})");
  ASSERT_TRUE(spec) << spec.error().Text();
  EXPECT_EQ(spec->config.threads, 3);
  EXPECT_EQ(std::get<TaskSpec>(spec->data).kind, TaskKind::kCanary);
}

TEST(ReadRunSpec, StandsInTheFolderOfTheFile) {
  const TempDir dir;
  const auto spec = ReadRunSpec(dir.Write("spec.json", R"({"params":{}})"));
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->dir, dir.path());
}

struct Refusal {
  std::string text;
  std::string names;
};

TEST(ReadRunSpec, RefusesAndNamesWhatIsWrong) {
  const std::vector<Refusal> refusals = {{"", "spec.json"},
                                         {"[]", "object"},
                                         {R"({"v":2,"params":{}})", "version 2"},
                                         {R"({})", "params"},
                                         {R"({"params":{"preset":"dmeo"}})", "dmeo"},
                                         {R"({"params":{"shedule":"x"}})", "shedule"},
                                         {R"({"params":{"d_model":65}})", "n_heads"},
                                         {R"({"params":{},"data":{"corpus":"kvj"}})", "kvj"},
                                         {R"({"params":{},"checkpoint_every_s":-1})", "checkpoint_every_s"},
                                         {R"({"params":{},"resume":{"path":"x"}})", "resume"},
                                         {R"({"params":{},"dir":5})", "dir"}};
  for (const Refusal& refusal : refusals) {
    const auto spec = Read(refusal.text);
    ASSERT_FALSE(spec) << refusal.text;
    EXPECT_NE(spec.error().Text().find(refusal.names), std::string::npos) << spec.error().Text();
  }
}

int64_t VocabularyFor(const std::string& params, int64_t data) {
  const auto spec = Read(R"({"params":)" + params + "}");
  const auto config = WithVocabularyOf(*spec, data);
  return config ? config->vocab_size : -1;
}

TEST(WithVocabularyOf, FollowsTheDataWherePresetsLeaveItOpen) {
  EXPECT_EQ(VocabularyFor(R"({"preset":"exp3"})", 64), 64);
  EXPECT_EQ(VocabularyFor(R"({"preset":"exp3"})", 50257), 50257);
  EXPECT_EQ(VocabularyFor(R"({"preset":"demo"})", 64), 257);
  EXPECT_EQ(VocabularyFor(R"({"vocab_size":300})", 257), 300);
  EXPECT_EQ(VocabularyFor(R"({"vocab_size":200})", 257), -1);
  EXPECT_EQ(VocabularyFor(R"({"preset":"exp3"})", 70000), -1);
}

}  // namespace
}  // namespace plasa::trainer
