#include "cli/remote/data_package.h"

#include <algorithm>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/output/exit_code.h"
#include "common/base/plain_path.h"
#include "common/base/sha256.h"

namespace plasa::cli {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPartBytes = 1 << 20;
constexpr const char* kSidecar = ".docs";

absl::Status CannotRead(const fs::path& path) {
  return Failure(absl::StatusCode::kInvalidArgument, absl::StrCat("plasa.data.path: cannot read ", path.string()),
                 "check its permissions");
}

bool IsHidden(const fs::path& relative) {
  return std::any_of(relative.begin(), relative.end(),
                     [](const fs::path& part) { return part.string().front() == '.'; });
}

absl::StatusOr<std::vector<std::string>> NamesIn(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const fs::path relative = it->path().lexically_relative(folder);
    std::error_code none;
    if (it->is_regular_file(none) && !IsHidden(relative)) names.push_back(relative.generic_string());
    if (names.size() > kMostDataFiles)
      return Failure(absl::StatusCode::kInvalidArgument,
                     absl::StrCat("plasa.data.path: ", folder.string(), " holds more than ", kMostDataFiles, " files"),
                     "join them into fewer, or use shared_path");
  }
  if (error) return CannotRead(folder);
  if (names.empty())
    return Failure(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("plasa.data.path: ", folder.string(), " holds no file"),
                   "put the texts there (hidden files do not count)");
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<DataFile> Digested(const fs::path& root, const std::string& name) {
  if (!IsPlainPath(name))
    return Failure(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("plasa.data.path: the name ", name, " is longer than 255 bytes"), "shorten it");
  std::ifstream file(root / name, std::ios::binary);
  Sha256 digest;
  DataFile out{name, 0, ""};
  std::string bytes(kPartBytes, '\0');
  while (file.read(bytes.data(), static_cast<std::streamsize>(bytes.size())) || file.gcount() > 0) {
    digest.Update(bytes.data(), static_cast<size_t>(file.gcount()));
    out.size += static_cast<uint64_t>(file.gcount());
  }
  if (!file.eof() || file.bad()) return CannotRead(root / name);
  out.sha256 = digest.Hex();
  return out;
}

// Sends `read(offset, size)` bytes until the coordinator has the whole.
absl::Status Send(ControlClient& client, const std::string& sha256, uint64_t size,
                  const std::function<absl::StatusOr<std::string>(uint64_t, size_t)>& read, bool* sent) {
  pb::PutDataRequest request;
  request.set_sha256(sha256);
  request.set_size(size);
  auto reply = client.PutData(request);  // no bytes: asks where the upload stands
  while (reply.ok() && !reply->complete()) {
    *sent = true;
    request.set_offset(reply->next_offset());
    auto part = read(request.offset(), std::min<uint64_t>(kPartBytes, size - request.offset()));
    if (!part.ok()) return part.status();
    request.set_data(*std::move(part));
    reply = client.PutData(request);
  }
  return reply.status();
}

absl::Status SendFile(ControlClient& client, const fs::path& path, const DataFile& file, bool* sent) {
  std::ifstream in(path, std::ios::binary);
  const auto read = [&](uint64_t offset, size_t size) -> absl::StatusOr<std::string> {
    std::string bytes(size, '\0');
    in.clear();
    if (in.seekg(static_cast<std::streamoff>(offset)) && in.read(bytes.data(), static_cast<std::streamsize>(size)))
      return bytes;
    return Failure(absl::StatusCode::kFailedPrecondition, absl::StrCat(path.string(), " changed while it was sent"),
                   "submit again when nobody writes to it");
  };
  return Send(client, file.sha256, file.size, read, sent);
}

}  // namespace

absl::StatusOr<DataPackage> PackData(const fs::path& path) {
  DataPackage package;
  std::error_code error;
  std::vector<std::string> names;
  if (fs::is_directory(path, error)) {
    package.root = path;
    auto found = NamesIn(path);
    if (!found.ok()) return found.status();
    names = *std::move(found);
  } else {
    package.root = path.parent_path();
    package.listing.file = path.filename().string();
    names = {package.listing.file};
    if (fs::exists(path.string() + kSidecar, error)) names.push_back(package.listing.file + kSidecar);
  }
  for (const std::string& name : names) {
    absl::StatusOr<DataFile> file = Digested(package.root, name);
    if (!file.ok()) return file.status();
    package.bytes += file->size;
    package.listing.files.push_back(*std::move(file));
  }
  package.text = ListingText(package.listing);
  package.digest = Sha256Hex(package.text);
  return package;
}

absl::Status UploadData(ControlClient& client, const DataPackage& package,
                        const std::function<void(const DataFile&)>& on_file) {
  for (const DataFile& file : package.listing.files) {
    bool sent = false;
    if (absl::Status status = SendFile(client, package.root / file.name, file, &sent); !status.ok()) return status;
    if (sent) on_file(file);
  }
  const auto read = [&](uint64_t offset, size_t size) { return package.text.substr(offset, size); };
  bool sent = false;
  return Send(client, package.digest, package.text.size(), read, &sent);
}

}  // namespace plasa::cli
