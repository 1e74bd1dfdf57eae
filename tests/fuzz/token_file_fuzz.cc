// Any bytes as a token file, and as the document sidecar of a good one.
#include "input_folder.h"
#include "trainer/data/file_dataset.h"
#include "trainer/data/token_file.h"

namespace plasa::trainer {
namespace {

using fuzz::InputFolder;
using fuzz::Require;

constexpr int64_t kLength = 8;
constexpr uint16_t kGoodIds[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

void CheckDocuments(const Tokens& tokens) {
  const auto& offsets = tokens.offsets();
  Require(offsets.front() == 0 && offsets.back() == tokens.size(), "documents cover the file");
  Require(std::is_sorted(offsets.begin(), offsets.end()), "documents follow one another");
}

// What a run does with tokens: cut windows and read them.
void ReadWindows(Tokens tokens) {
  const auto largest = static_cast<int64_t>(tokens.MaxId());
  DataFacts facts;
  facts.name = "input";
  auto data = MakeFileDataset(std::move(tokens), std::move(facts), {.length = kLength});
  if (!data) return;
  std::vector<int32_t> ids(kLength), labels(kLength), docs(kLength);
  const auto check = [&] {
    for (const int32_t id : ids) Require(static_cast<uint32_t>(id) <= largest, "windows hold ids of the file");
  };
  (*data)->ReadTrain((*data)->TrainWindows() - 1, {ids, labels, docs});
  check();
  (*data)->ReadValidation((*data)->ValidationWindows() - 1, {ids, labels, docs});
  check();
  Require((*data)->AuditSplit().shared_targets == 0, "training and validation share nothing");
}

void Use(Result<Tokens> tokens) {
  if (!tokens) return Require(!tokens.error().Text().empty(), "a refusal says why");
  CheckDocuments(*tokens);
  Require(tokens->Digest().size() == 64, "a digest");
  tokens->SplitAfter(tokens->MaxId());
  CheckDocuments(*tokens);
  ReadWindows(std::move(*tokens));
}

}  // namespace
}  // namespace plasa::trainer

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plasa::trainer;
  const auto& folder = InputFolder();
  const std::string input(plasa::fuzz::AsText(data, size));
  const auto file = folder.Write("input.bin", input);
  Use(OpenLlmcFile(file));
  Use(OpenHeaderlessFile(file));
  const auto good = folder.Write("good.bin", {reinterpret_cast<const char*>(kGoodIds), sizeof kGoodIds});
  folder.Write("good.bin.docs", input);
  Use(OpenHeaderlessFile(good));
  return 0;
}
