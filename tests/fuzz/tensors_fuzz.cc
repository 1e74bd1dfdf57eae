// Any bytes as a tensor file, and as each file of a checkpoint whose MANIFEST fits it.
#include "common/base/sha256.h"
#include "input_folder.h"
#include "trainer/checkpoint.h"
#include "trainer/data/text.h"
#include "trainer/resume.h"
#include "trainer/safetensors.h"

namespace plasa::trainer {
namespace {

using fuzz::InputFolder;
using fuzz::Require;

constexpr char kFolder[] = "checkpoints/step-1/";

// The model that the seeds of a checkpoint belong to.
struct Run {
  Run()
      : model(*ResolveConfig(Value(Value::Object{{"d_model", 4},
                                                 {"n_heads", 1},
                                                 {"n_layers", 1},
                                                 {"n_experts", 2},
                                                 {"d_ff", 2},
                                                 {"seq_len", 8},
                                                 {"vocab_size", 4},
                                                 {"indexer_heads", 1},
                                                 {"indexer_dim", 4},
                                                 {"schedule", "uniform_sparse"}})),
              at::kFloat, at::kCPU),
        optimiser(model) {}
  Model model;
  Adam optimiser;
};

void CheckTensors(const std::string& path, size_t size) {
  const auto file = ReadTensors(path);
  if (!file) return Require(file.error().Text().size() < 2000, "a refusal is a sentence");
  size_t bytes = 0;
  for (const auto& [name, tensor] : file->tensors) bytes += tensor.nbytes();
  Require(bytes <= size, "tensors are not larger than their file");
}

// The MANIFEST of the files as they are on the disk.
std::string ManifestOfFiles() {
  std::string list;
  for (const char* name : {"model.safetensors", "optim.safetensors", "state.json"}) {
    const std::string sha256 = Sha256Hex(*ReadWholeFile(InputFolder() / (std::string(kFolder) + name)));
    list += std::string(list.empty() ? "" : ",") + R"({"name":")" + name + R"(","sha256":")" + sha256 + R"("})";
  }
  return R"({"files":[)" + list + "]}";
}

// The checkpoint that holds `input` as its file `name` and good ones otherwise.
void CheckCheckpoint(const std::string& name, const std::string& input) {
  static Run run;
  static const auto good = SaveCheckpoint(InputFolder().path(), 1, 1, run.model, run.optimiser, Value(Value::Object{}));
  Require(good.ok(), "a checkpoint can be written");
  const auto& folder = InputFolder();
  const std::string before = *ReadWholeFile(folder / (kFolder + name));
  folder.Write(kFolder + name, input);
  const std::string manifest = name == "MANIFEST" ? input : ManifestOfFiles();
  folder.Write(kFolder + std::string("MANIFEST"), manifest);
  const auto state = LoadCheckpoint(folder.path(), "checkpoints/step-1", Sha256Hex(manifest), run.model, run.optimiser);
  if (state) (void)ReadState(*state, {}, true);
  folder.Write(kFolder + name, before);
}

}  // namespace
}  // namespace plasa::trainer

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plasa::trainer;
  const std::string input(plasa::fuzz::AsText(data, size));
  CheckTensors(InputFolder().Write("input.safetensors", input).string(), size);
  for (const char* name : {"model.safetensors", "optim.safetensors", "state.json", "MANIFEST"})
    CheckCheckpoint(name, input);
  return 0;
}
