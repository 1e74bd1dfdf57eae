#include "trainer/checkpoint.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <set>
#include <utility>

#include "common/base/sha256.h"
#include "trainer/data/text.h"
#include "trainer/durable_files.h"
#include "trainer/json_value.h"
#include "trainer/safetensors.h"

namespace plasa::trainer {
namespace {

namespace fs = std::filesystem;
constexpr char kModelFile[] = "model.safetensors";
constexpr char kOptimiserFile[] = "optim.safetensors";
constexpr char kStateFile[] = "state.json";
constexpr const char* kFiles[] = {kModelFile, kOptimiserFile, kStateFile};
constexpr char kManifest[] = "MANIFEST";
constexpr int kKeptCheckpoints = 2;

std::string StepName(int64_t step) { return "step-" + std::to_string(step); }

TensorFile ModelTensors(const Model& model) {
  TensorFile file;
  for (const Parameter& parameter : model.parameters())
    file.tensors.emplace_back(parameter.name, parameter.value.detach());
  if (model.config().tied_head) file.metadata["tied"] = "embed.weight";
  return file;
}

TensorFile OptimiserTensors(const Adam& optimiser) {
  TensorFile file;
  for (const auto& moment : optimiser.moments()) {
    if (!moment.m.defined()) continue;
    file.tensors.emplace_back("m." + moment.name, moment.m);
    file.tensors.emplace_back("v." + moment.name, moment.v);
  }
  return file;
}

Result<CheckpointFile> Finish(const fs::path& folder, const std::string& name) {
  if (auto failure = SyncPath(folder / name)) return *failure;
  auto sha256 = FileSha256(folder / name);
  if (!sha256) return sha256.error();
  std::error_code error;
  return CheckpointFile{name, static_cast<int64_t>(fs::file_size(folder / name, error)), *sha256};
}

Result<std::vector<CheckpointFile>> WriteFiles(const fs::path& folder, const Model& model, const Adam& optimiser,
                                               const Value& state) {
  if (auto failure = WriteTensors((folder / kModelFile).string(), ModelTensors(model))) return *failure;
  if (auto failure = WriteTensors((folder / kOptimiserFile).string(), OptimiserTensors(optimiser))) return *failure;
  if (auto failure = WriteDurable(folder / kStateFile, state.CanonicalJson() + "\n")) return *failure;
  std::vector<CheckpointFile> files;
  for (const char* name : kFiles) {
    auto file = Finish(folder, name);
    if (!file) return file.error();
    files.push_back(std::move(*file));
  }
  return files;
}

// Steps of the complete checkpoints in `folder`, newest first.
std::vector<int64_t> CompleteSteps(const fs::path& folder) {
  std::vector<int64_t> steps;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("step-") && fs::exists(entry.path() / kManifest, error))
      steps.push_back(std::atoll(name.c_str() + 5));
  }
  std::sort(steps.rbegin(), steps.rend());
  return steps;
}

// MANIFEST goes first, so that a checkpoint half removed is no checkpoint.
void RemoveOld(const fs::path& folder) {
  const auto steps = CompleteSteps(folder);
  std::error_code ignored;
  for (size_t i = kKeptCheckpoints; i < steps.size(); ++i) {
    fs::remove(folder / StepName(steps[i]) / kManifest, ignored);
    fs::remove_all(folder / StepName(steps[i]), ignored);
  }
}

// The directory written to before the rename; removed with all it holds unless it was renamed.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(fs::path path) : path_(std::move(path)) {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
    fs::create_directories(path_, ignored);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

Outcome Publish(const fs::path& temporary, const fs::path& place, const std::string& manifest) {
  std::error_code ignored;
  fs::remove_all(place, ignored);  // without MANIFEST it is no checkpoint; with one, this is the same step again
  if (auto failure = SyncPath(temporary)) return failure;
  if (auto failure = RenameDurable(temporary, place)) return failure;
  if (auto failure = WriteDurable(place / "MANIFEST.tmp", manifest)) return failure;
  return RenameDurable(place / "MANIFEST.tmp", place / kManifest);
}

Error Damaged(const fs::path& path, const std::string& what) {
  return Error{what, path.string(), "resume from another checkpoint"};
}

// Checks one entry of the manifest's list against the file on the disk, and puts the file's name into `verified`.
Outcome VerifyFile(const fs::path& folder, const Value& entry, std::set<std::string>* verified) {
  if (!entry.Is<Value::Object>()) return Damaged(folder / kManifest, "has a broken list of files");
  const auto& object = entry.As<Value::Object>();
  const auto name = object.find("name"), sha256 = object.find("sha256");
  if (name == object.end() || sha256 == object.end() || !name->second.Is<std::string>() ||
      !sha256->second.Is<std::string>()) {
    return Damaged(folder / kManifest, "has a broken list of files");
  }
  const fs::path file = folder / fs::path(name->second.As<std::string>()).filename();
  auto found = FileSha256(file);
  if (!found) return found.error();
  if (*found != sha256->second.As<std::string>())
    return Damaged(file, "does not have the SHA-256 its MANIFEST promises");
  verified->insert(file.filename());
  return std::nullopt;
}

Outcome VerifyManifest(const fs::path& folder, const std::string& digest) {
  auto text = ReadWholeFile(folder / kManifest);
  if (!text) return text.error();
  if (Sha256Hex(*text) != digest) return Damaged(folder / kManifest, "does not have the digest that was asked for");
  auto manifest = ParseJson(*text, (folder / kManifest).string());
  if (!manifest) return manifest.error();
  if (!manifest->Is<Value::Object>() || manifest->As<Value::Object>().count("files") == 0 ||
      !manifest->As<Value::Object>().at("files").Is<Value::List>()) {
    return Damaged(folder / kManifest, "names no files");
  }
  std::set<std::string> verified;
  for (const Value& entry : manifest->As<Value::Object>().at("files").As<Value::List>()) {
    if (auto failure = VerifyFile(folder, entry, &verified)) return failure;
  }
  for (const char* name : kFiles) {
    if (verified.count(name) == 0) return Damaged(folder / kManifest, std::string("does not name ") + name);
  }
  return std::nullopt;
}

// A tensor of this run and the saved one that replaces it.
using Copies = std::vector<std::pair<at::Tensor, at::Tensor>>;

// Pairs each (name, tensor) of `wanted` with its saved twin.
Outcome Pair(const fs::path& path, const TensorFile& wanted, Copies* copies) {
  auto saved = ReadTensors(path.string());
  if (!saved) return saved.error();
  if (saved->tensors.size() != wanted.tensors.size()) return Damaged(path, "holds other tensors than this run has");
  for (const auto& [name, tensor] : wanted.tensors) {
    const at::Tensor* twin = saved->Find(name);
    if (twin == nullptr) return Damaged(path, "has no tensor " + name);
    if (twin->sizes() != tensor.sizes() || twin->scalar_type() != tensor.scalar_type()) {
      return Damaged(path, "tensor " + name + " has another shape or type than in this run");
    }
    copies->emplace_back(tensor, *twin);
  }
  return std::nullopt;
}

}  // namespace

Value Checkpoint::FilesValue() const {
  Value::List list;
  for (const CheckpointFile& file : files) {
    list.push_back(Value::Object{{"name", file.name}, {"size", file.size}, {"sha256", file.sha256}});
  }
  return list;
}

Result<Checkpoint> SaveCheckpoint(const fs::path& dir, int64_t step, int64_t events_seq, const Model& model,
                                  const Adam& optimiser, const Value& state) {
  const fs::path folder = dir / "checkpoints";
  const TemporaryFolder temporary(folder / (".tmp-" + StepName(step)));
  auto files = WriteFiles(temporary.path(), model, optimiser, state);
  if (!files) return files.error();
  Checkpoint checkpoint{"checkpoints/" + StepName(step), "", step, events_seq, std::move(*files)};
  const std::string manifest =
      Value(Value::Object{{"v", 1}, {"step", step}, {"events_seq", events_seq}, {"files", checkpoint.FilesValue()}})
          .CanonicalJson() +
      "\n";
  if (auto failure = Publish(temporary.path(), folder / StepName(step), manifest)) return *failure;
  checkpoint.digest = Sha256Hex(manifest);
  RemoveOld(folder);
  return checkpoint;
}

Result<Value> LoadCheckpoint(const fs::path& dir, const std::string& path, const std::string& digest,
                             const Model& model, Adam& optimiser) {
  const fs::path folder = dir / path;
  if (auto failure = VerifyManifest(folder, digest)) return *failure;
  auto state = ReadJsonFile((folder / kStateFile).string());
  if (!state) return state.error();
  Copies copies;
  if (auto failure = Pair(folder / kModelFile, ModelTensors(model), &copies)) return *failure;
  if (auto failure = Pair(folder / kOptimiserFile, OptimiserTensors(optimiser), &copies)) return *failure;
  for (auto& [tensor, saved] : copies) tensor.copy_(saved);
  return state;
}

}  // namespace plasa::trainer
