// Any text as a spec.json; what is taken is a configuration that gives itself back, and data that open or say why not.
#include "input_folder.h"
#include "trainer/spec.h"

namespace plasa::trainer {
namespace {

using fuzz::Require;

constexpr int64_t kLongest = 1024;

void CheckConfig(const Config& config) {
  const auto again = ResolveConfig(ConfigValue(config));
  Require(again.ok(), "a resolved configuration resolves");
  Require(CanonicalJson(*again) == CanonicalJson(config), "and gives itself");
}

// Synthetic tasks only: paths lead out of the input.
void CheckData(const RunSpec& spec) {
  if (!std::holds_alternative<TaskSpec>(spec.data) || spec.config.seq_len > kLongest) return;
  auto data = OpenDataset(spec.data, WindowOptionsOf(spec.config));
  if (!data) return;
  const auto length = static_cast<size_t>(spec.config.seq_len);
  std::vector<int32_t> ids(length), labels(length), docs(length);
  (*data)->ReadTrain(0, {ids, labels, docs});
  for (const int32_t id : ids) Require(id >= 0 && id < (*data)->facts().vocab, "tokens are below the vocabulary");
  (void)WithVocabularyOf(spec, (*data)->facts().vocab);
}

}  // namespace
}  // namespace plasa::trainer

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plasa::trainer;
  const auto file = plasa::fuzz::InputFolder().Write("spec.json", std::string(plasa::fuzz::AsText(data, size)));
  const auto spec = ReadRunSpec(file);
  if (!spec) return Require(!spec.error().Text().empty(), "a refusal says why"), 0;
  CheckConfig(spec->config);
  CheckData(*spec);
  return 0;
}
