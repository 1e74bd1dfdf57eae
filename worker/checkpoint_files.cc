#include "worker/checkpoint_files.h"

#include <array>
#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/plain_path.h"
#include "common/base/sha256.h"

namespace plasa::worker {

namespace fs = std::filesystem;

namespace {

absl::Status LinkOrCopy(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::remove(to, error);
  fs::create_hard_link(from, to, error);
  if (error) fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
  return error ? absl::ResourceExhaustedError(absl::StrCat("cannot copy ", from, " to ", to, ": ", error.message()))
               : absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> FileSha256(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::DataLossError(absl::StrCat(path, " is missing or cannot be read"));
  Sha256 digest;
  std::array<char, 65536> bytes;
  while (file.read(bytes.data(), bytes.size()) || file.gcount() > 0)
    digest.Update(bytes.data(), static_cast<size_t>(file.gcount()));
  return digest.Hex();
}

absl::Status VerifyFile(const std::string& path, const std::string& sha256) {
  const absl::StatusOr<std::string> digest = FileSha256(path);
  if (!digest.ok()) return digest.status();
  return *digest == sha256 ? absl::OkStatus() : absl::DataLossError(absl::StrCat(path, " does not have its digest"));
}

absl::Status VerifyCheckpoint(const std::string& dir, const v1::Checkpoint& checkpoint) {
  if (absl::Status status = VerifyFile(absl::StrCat(dir, "/", kManifest), checkpoint.digest()); !status.ok())
    return status;
  for (const v1::CheckpointFile& file : checkpoint.files()) {
    if (!IsPlainPath(file.name()))
      return absl::DataLossError(absl::StrCat("bad file name ", file.name(), " in a checkpoint"));
    if (absl::Status status = VerifyFile(absl::StrCat(dir, "/", file.name()), file.sha256()); !status.ok())
      return status;
  }
  return absl::OkStatus();
}

std::optional<std::string> FindCheckpoint(const std::string& attempts_dir, const std::string& trial,
                                          const v1::Checkpoint& checkpoint) {
  std::error_code error;
  for (const fs::directory_entry& attempt : fs::directory_iterator(attempts_dir, error)) {
    if (!absl::StartsWith(attempt.path().filename().string(), trial + "-")) continue;
    std::error_code none;
    for (const fs::directory_entry& found : fs::directory_iterator(attempt.path() / "checkpoints", none)) {
      const std::string dir = found.path().string();
      if (VerifyCheckpoint(dir, checkpoint).ok()) return dir;
    }
  }
  return std::nullopt;
}

absl::Status LinkCheckpoint(const std::string& from, const std::string& to, const v1::Checkpoint& checkpoint) {
  std::error_code error;
  fs::create_directories(to, error);
  if (error) return absl::ResourceExhaustedError(absl::StrCat("cannot make ", to, ": ", error.message()));
  for (const v1::CheckpointFile& file : checkpoint.files()) {
    if (absl::Status status = LinkOrCopy(from + "/" + file.name(), to + "/" + file.name()); !status.ok()) return status;
  }
  return LinkOrCopy(absl::StrCat(from, "/", kManifest), absl::StrCat(to, "/", kManifest));
}

}  // namespace plasa::worker
