#include "trainer/checkpoint.h"

#include <ATen/ops/equal.h>
#include <ATen/ops/zeros_like.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <random>

#include "temp_dir.h"
#include "trainer/data/text.h"

namespace plasa::trainer {
namespace {

Config TinyConfig(int seed = 1) {
  return *ResolveConfig(Value(Value::Object{{"d_model", 8},
                                            {"n_heads", 2},
                                            {"n_layers", 1},
                                            {"d_ff", 8},
                                            {"seq_len", 8},
                                            {"vocab_size", 16},
                                            {"indexer_heads", 1},
                                            {"indexer_dim", 4},
                                            {"schedule", "uniform_sparse"},
                                            {"seed", seed}}));
}

// A model with its optimiser, one step old so that the moments are not zero.
struct Trained {
  explicit Trained(int seed = 1) : model(TinyConfig(seed), at::kFloat, at::kCPU), optimiser(model) {
    std::vector<at::Tensor> gradients;
    for (const Parameter& parameter : model.parameters())
      gradients.push_back(at::zeros_like(parameter.value).fill_(0.25 * seed));
    (void)optimiser.Step(std::move(gradients));
  }
  Model model;
  Adam optimiser;
};

bool SameTensors(const Trained& a, const Trained& b) {
  for (size_t i = 0; i < a.model.parameters().size(); ++i) {
    if (!at::equal(a.model.parameters()[i].value, b.model.parameters()[i].value)) return false;
    const auto &x = a.optimiser.moments()[i], &y = b.optimiser.moments()[i];
    if (x.m.defined() && (!at::equal(x.m, y.m) || !at::equal(x.v, y.v))) return false;
  }
  return true;
}

const Value kState(Value::Object{{"step", 50}});

TEST(Checkpoint, GivesBackWhatItTook) {
  const TempDir dir;
  const Trained saved(1);
  const auto checkpoint = SaveCheckpoint(dir.path(), 50, 31, saved.model, saved.optimiser, kState);
  ASSERT_TRUE(checkpoint) << checkpoint.error().Text();
  EXPECT_EQ(checkpoint->path, "checkpoints/step-50");
  EXPECT_EQ(checkpoint->files.size(), 3u);
  Trained other(2);
  ASSERT_FALSE(SameTensors(saved, other));
  const auto state = LoadCheckpoint(dir.path(), checkpoint->path, checkpoint->digest, other.model, other.optimiser);
  ASSERT_TRUE(state) << state.error().Text();
  EXPECT_EQ(*state, kState);
  EXPECT_TRUE(SameTensors(saved, other));
}

TEST(Checkpoint, KeepsTheOneBeforeAndRemovesOlderOnes) {
  const TempDir dir;
  const Trained run;
  for (const int64_t step : {9, 10, 100})
    ASSERT_TRUE(SaveCheckpoint(dir.path(), step, step, run.model, run.optimiser, kState));
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(dir.path() / "checkpoints"))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{"step-10", "step-100"}));
}

TEST(Checkpoint, AFlippedByteAnywhereIsFoundAndChangesNothing) {
  const TempDir dir;
  const Trained saved(1);
  const auto checkpoint = SaveCheckpoint(dir.path(), 1, 1, saved.model, saved.optimiser, kState);
  for (const char* name : {"model.safetensors", "optim.safetensors", "state.json", "MANIFEST"}) {
    const auto file = dir.path() / checkpoint->path / name;
    const std::string whole = *ReadWholeFile(file);
    for (const size_t at : {size_t{0}, whole.size() / 2, whole.size() - 1}) {
      std::string flipped = whole;
      flipped[at] = static_cast<char>(flipped[at] ^ 1);
      std::ofstream(file, std::ios::binary) << flipped;
      Trained other(2);
      EXPECT_FALSE(LoadCheckpoint(dir.path(), checkpoint->path, checkpoint->digest, other.model, other.optimiser))
          << name << " " << at;
      EXPECT_TRUE(SameTensors(other, Trained(2)));
    }
    std::filesystem::resize_file(file, whole.size() - 1);
    Trained other(2);
    EXPECT_FALSE(LoadCheckpoint(dir.path(), checkpoint->path, checkpoint->digest, other.model, other.optimiser))
        << name << " cut";
    std::ofstream(file, std::ios::binary) << whole;
  }
}

TEST(Checkpoint, OfAThousandDamagedCopiesNoneIsAccepted) {
  const TempDir dir;
  const Trained saved(1);
  const auto checkpoint = SaveCheckpoint(dir.path(), 1, 1, saved.model, saved.optimiser, kState);
  constexpr std::array<const char*, 4> kFiles = {"model.safetensors", "optim.safetensors", "state.json", "MANIFEST"};
  std::mt19937 random(20261125);
  Trained other(2);
  for (int copy = 0; copy < 1000; ++copy) {
    const auto file = dir.path() / checkpoint->path / kFiles[random() % kFiles.size()];
    const std::string whole = *ReadWholeFile(file);
    std::string damaged = whole;
    if (copy % 2 == 0) damaged.resize(random() % whole.size());
    if (copy % 2 == 1) damaged[random() % whole.size()] ^= static_cast<char>(1 << random() % 8);
    std::ofstream(file, std::ios::binary) << damaged;
    EXPECT_FALSE(LoadCheckpoint(dir.path(), checkpoint->path, checkpoint->digest, other.model, other.optimiser))
        << file << " copy " << copy;
    std::ofstream(file, std::ios::binary) << whole;
  }
  EXPECT_TRUE(SameTensors(other, Trained(2)));
}

TEST(Checkpoint, RefusesAnotherModel) {
  const TempDir dir;
  const Trained saved;
  const auto checkpoint = SaveCheckpoint(dir.path(), 1, 1, saved.model, saved.optimiser, kState);
  Config wider = TinyConfig();
  wider.d_ff = 16;
  const Model model(wider, at::kFloat, at::kCPU);
  Adam optimiser(model);
  const auto loaded = LoadCheckpoint(dir.path(), checkpoint->path, checkpoint->digest, model, optimiser);
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().Text().find("linear1"), std::string::npos) << loaded.error().Text();
}

TEST(Checkpoint, CannotBeWrittenIntoAFile) {
  const TempDir dir;
  dir.Write("checkpoints", "in the way");
  const Trained run;
  EXPECT_FALSE(SaveCheckpoint(dir.path(), 1, 1, run.model, run.optimiser, kState));
}

}  // namespace
}  // namespace plasa::trainer
