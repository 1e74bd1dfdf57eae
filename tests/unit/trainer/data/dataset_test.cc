#include "trainer/data/dataset.h"

#include <gtest/gtest.h>

#include <set>

#include "common/base/sha256.h"
#include "temp_dir.h"

namespace plasa::trainer {
namespace {

struct Window {
  explicit Window(size_t length) : tokens(length), labels(length), docs(length) {}
  WindowOut out() { return {tokens, labels, docs}; }
  std::vector<int32_t> tokens, labels, docs;
};

DataPath GoldenCorpus() { return {"tests/golden/corpus.bin", FileFormat::kLlmc, -1}; }

std::unique_ptr<Dataset> Open(const DataSpec& spec, const WindowOptions& options) {
  auto data = OpenDataset(spec, options);
  EXPECT_TRUE(data) << data.error().Text();
  return std::move(*data);
}

TEST(Dataset, CutsWindowsWithTheNextTokenAsLabel) {
  auto data = Open(GoldenCorpus(), {.length = 8});
  EXPECT_EQ(data->TrainWindows(), 192u);
  EXPECT_EQ(data->ValidationWindows(), 53u);
  EXPECT_EQ(data->facts().targets_per_window, 8);
  Window first(8), second(8);
  data->ReadTrainInOrder(0, first.out());
  data->ReadTrainInOrder(1, second.out());
  EXPECT_TRUE(std::equal(first.tokens.begin() + 1, first.tokens.end(), first.labels.begin()));
  EXPECT_EQ(first.labels.back(), second.tokens.front());
}

TEST(Dataset, ASharedFileMustHaveItsDigest) {
  const TempDir dir;
  const std::string text = "one document\n" + std::string(400, 'a');
  const auto file = dir.Write("text.txt", text);
  DataPath shared{file.string(), FileFormat::kText, -1, Sha256Hex("another file")};
  const auto refused = OpenDataset(shared, {.length = 8});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find(Sha256Hex(text)), std::string::npos) << refused.error().Text();
  dir.Write("folder/a.txt", text);
  dir.Write("folder/b.txt", std::string(400, 'b'));
  EXPECT_FALSE(OpenDataset(DataPath{dir / "folder", FileFormat::kText, -1, Sha256Hex(text)}, {.length = 8}))
      << "a folder has no digest";
}

TEST(Dataset, ShiftedWindowsAreTheirOwnLabels) {
  auto data = Open(GoldenCorpus(), {.length = 17, .shifted = true});
  EXPECT_EQ(data->ValidationWindows(), 25u);
  EXPECT_EQ(data->facts().targets_per_window, 16);
  Window window(17);
  data->ReadValidation(24, window.out());
  EXPECT_EQ(window.tokens, window.labels);
}

TEST(Dataset, AnEpochSeesEveryWindowOnce) {
  auto data = Open(GoldenCorpus(), {.length = 8, .seed = 3});
  std::multiset<std::vector<int32_t>> in_order, drawn;
  Window window(8);
  for (uint64_t i = 0; i < data->TrainWindows(); ++i) {
    data->ReadTrainInOrder(i, window.out());
    in_order.insert(window.tokens);
    data->ReadTrain(data->TrainWindows() + i, window.out());
    drawn.insert(window.tokens);
  }
  EXPECT_EQ(in_order, drawn);
}

TEST(Dataset, StrictSplitSharesNothingAndTheHistoricalOneNearlyEverything) {
  EXPECT_EQ(Open(GoldenCorpus(), {.length = 8})->AuditSplit().shared_targets, 0u);
  auto overlap = Open(GoldenCorpus(), {.length = 8, .overlap_split = true});
  EXPECT_GT(overlap->AuditSplit().shared_targets, 0u);
  EXPECT_EQ(overlap->TrainWindows() + overlap->ValidationWindows(), 1962u - 8u);
}

TEST(Dataset, SaysWhenThereIsTooLittleText) {
  const TempDir dir;
  const auto data =
      OpenDataset(DataPath{dir.Write("short.txt", "word").string(), FileFormat::kDetect, -1}, {.length = 64});
  ASSERT_FALSE(data);
  EXPECT_NE(data.error().Text().find("short.txt"), std::string::npos);
  EXPECT_NE(data.error().Text().find("seq_len 64"), std::string::npos);
}

TEST(Dataset, ReadsAFolderOfTextsAsBytes) {
  const TempDir dir;
  for (int i = 0; i < 20; ++i) dir.Write("doc" + std::to_string(i), std::string(100, static_cast<char>('a' + i)));
  auto data = Open(DataPath{dir.path().string(), FileFormat::kDetect, -1}, {.length = 16});
  EXPECT_EQ(data->facts().vocab, 257);
  EXPECT_EQ(data->facts().tokenizer, "bytes");
  EXPECT_EQ(data->facts().token_bytes.size(), 257u);
}

TEST(Dataset, TaskSamplesAreFreshAndHeldOutOnesFixed) {
  auto data = Open(TaskSpec{TaskKind::kMarkov}, {.length = 32, .seed = 5});
  EXPECT_EQ(data->TrainWindows(), 0u);
  EXPECT_EQ(data->ValidationWindows(), 256u);
  EXPECT_GT(data->facts().loss_floor, 0);
  Window a(32), b(32), again(32);
  data->ReadTrain(0, a.out());
  data->ReadTrain(1, b.out());
  data->ReadTrain(0, again.out());
  EXPECT_NE(a.tokens, b.tokens);
  EXPECT_EQ(a.tokens, again.tokens);
  data->ReadValidation(0, b.out());
  EXPECT_NE(a.tokens, b.tokens);
}

TEST(Dataset, DigestOfATaskDependsOnItsSizes) {
  TaskSpec small{TaskKind::kMarkov};
  small.vocab = 16;
  EXPECT_NE(Open(TaskSpec{TaskKind::kMarkov}, {.length = 32})->facts().digest,
            Open(small, {.length = 32})->facts().digest);
}

}  // namespace
}  // namespace plasa::trainer
