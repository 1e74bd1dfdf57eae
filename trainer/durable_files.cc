#include "trainer/durable_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include "common/base/sha256.h"

namespace plasa::trainer {
namespace {

Error Failed(const char* what, const std::filesystem::path& path, int code) {
  return Error{std::string(what) + ": " + std::strerror(code), path.string(), "check free space and the file system"};
}

}  // namespace

Outcome SyncPath(const std::filesystem::path& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Failed("cannot be opened", path, errno);
  const int failure = fsync(fd) == 0 ? 0 : errno;
  close(fd);
  if (failure != 0) return Failed("cannot be brought to the disk", path, failure);
  return std::nullopt;
}

Outcome WriteDurable(const std::filesystem::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) return Failed("cannot be written", path, errno);
  return SyncPath(path);
}

Outcome RenameDurable(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  if (error) return Failed("cannot be renamed", from, error.value());
  return SyncPath(to.parent_path());
}

Result<std::string> FileSha256(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Failed("cannot be opened", path, errno);
  Sha256 digest;
  std::vector<char> piece(1 << 20);
  while (in) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    digest.Update(piece.data(), static_cast<size_t>(in.gcount()));
  }
  if (in.bad()) return Failed("cannot be read", path, errno);
  return digest.Hex();
}

}  // namespace plasa::trainer
