// A checkpoint's MANIFEST and state.json that lie. Tensor files: hostile_tensors_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/sha256.h"
#include "temp_dir.h"
#include "trainer/checkpoint.h"
#include "trainer/data/text.h"
#include "trainer/resume.h"

namespace plasa::trainer {
namespace {

using ::testing::HasSubstr;

Config TinyConfig() {
  return *ResolveConfig(Value(Value::Object{{"d_model", 4},
                                            {"n_heads", 1},
                                            {"n_layers", 1},
                                            {"n_experts", 2},
                                            {"d_ff", 2},
                                            {"seq_len", 8},
                                            {"vocab_size", 4},
                                            {"schedule", "dense_baseline"}}));
}

class HostileCheckpoint : public ::testing::Test {
 protected:
  HostileCheckpoint() : model_(TinyConfig(), at::kFloat, at::kCPU), optimiser_(model_) {}
  void SetUp() override {
    const auto saved = SaveCheckpoint(dir_.path(), 1, 1, model_, optimiser_, Value(Value::Object{}));
    ASSERT_TRUE(saved) << saved.error().Text();
  }

  // What loading says when this is the MANIFEST, and its digest the one that is asked for; empty if it loads.
  std::string RefusalOfManifest(const std::string& manifest) {
    dir_.Write("checkpoints/step-1/MANIFEST", manifest);
    const auto state = LoadCheckpoint(dir_.path(), "checkpoints/step-1", Sha256Hex(manifest), model_, optimiser_);
    return state ? "" : state.error().Text();
  }
  [[nodiscard]] std::string Entry(const std::string& name) const {
    const auto content = ReadWholeFile(dir_ / ("checkpoints/step-1/" + name));
    return R"({"name":")" + name + R"(","sha256":")" + Sha256Hex(*content) + "\"}";
  }
  [[nodiscard]] std::string Entries() const {
    return Entry("model.safetensors") + "," + Entry("optim.safetensors") + "," + Entry("state.json");
  }

  const TempDir dir_;
  const Model model_;
  Adam optimiser_;
};

TEST_F(HostileCheckpoint, AManifestNamesAllThatIsRead) {
  EXPECT_EQ(RefusalOfManifest("{\"files\":[" + Entries() + "]}"), "");
  EXPECT_THAT(RefusalOfManifest(R"({"files":[]})"), HasSubstr("model.safetensors"));
  EXPECT_THAT(RefusalOfManifest("{\"files\":[" + Entry("model.safetensors") + "," + Entry("state.json") + "]}"),
              HasSubstr("optim.safetensors"));
}

TEST_F(HostileCheckpoint, RefusesManifestsOfAnotherForm) {
  for (const char* manifest : {"", "[]", "null", "{}", R"({"files":{}})", R"({"files":[7]})", R"({"files":[{}]})",
                               R"({"files":[{"name":7,"sha256":""}]})", R"({"files":[{"name":"","sha256":""}]})",
                               R"({"files":[{"name":"..","sha256":""}]})"})
    EXPECT_THAT(RefusalOfManifest(manifest), HasSubstr("step-1")) << manifest;
  EXPECT_THAT(RefusalOfManifest(std::string(200'000, '[')), HasSubstr("nested"));
}

TEST_F(HostileCheckpoint, LooksOnlyIntoItsOwnFolder) {
  dir_.Write("elsewhere", "x");
  EXPECT_THAT(RefusalOfManifest(R"({"files":[{"name":"../../elsewhere","sha256":")" + Sha256Hex("x") + "\"}]}"),
              HasSubstr("step-1/elsewhere"));
}

std::string Refusal(const std::string& member, const Value& value) {
  History history;
  history.AddStep(1, 2);
  history.AddEvaluation(1, 0.5, 0.25);
  Value::Object state{{"step", 1}, {"history", history.ToValue()}, {"gradient_coverage", Value()}};
  Value::Object* place = &state;
  if (member != "step" && member != "history") place = &state["history"].As<Value::Object>();
  if (place->count(member) == 0) place = &(*place)["curves"].As<Value::Object>();
  (*place)[member] = value;
  const auto read = ReadState(Value(state), {}, true);
  return read ? "" : read.error().Text();
}

TEST(HostileState, RefusesNumbersThatCannotBe) {
  EXPECT_EQ(Refusal("step", 1), "");
  for (const Value& step : {Value(-1), Value(1.5), Value(1e300), Value("1"), Value()})
    EXPECT_NE(Refusal("step", step), "");
  for (const Value& count : {Value(-1), Value(0.5), Value(1e300), Value("NaN"), Value("Infinity"), Value()})
    EXPECT_THAT(Refusal("train_loss_count", count), HasSubstr("history")) << count.CanonicalJson();
  for (const Value& step : {Value(-1), Value(0.5), Value(1e300), Value("NaN"), Value()})
    EXPECT_THAT(Refusal("steps", Value::List{step}), HasSubstr("history")) << step.CanonicalJson();
  EXPECT_NE(Refusal("steps", Value::List{1, 2}), "") << "lists of one length";
  EXPECT_NE(Refusal("history", 7), "");
  EXPECT_NE(Refusal("curves", 7), "");
}

}  // namespace
}  // namespace plasa::trainer
