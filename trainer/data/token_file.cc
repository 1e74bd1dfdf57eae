#include "trainer/data/token_file.h"

#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>

namespace plasa::trainer {
namespace {

constexpr size_t kHeaderBytes = 1024;
constexpr int32_t kMagic16 = 20240520;
constexpr int32_t kMagic32 = 20240801;
constexpr char kDocsMagic[] = "PLSADOC1";

std::filesystem::path Sidecar(const std::filesystem::path& path) { return path.string() + ".docs"; }

bool OffsetsAreValid(const std::vector<uint64_t>& offsets, uint64_t count) {
  for (size_t i = 1; i < offsets.size(); ++i) {
    if (offsets[i] < offsets[i - 1]) return false;
  }
  return !offsets.empty() && offsets.front() == 0 && offsets.back() == count;
}

// Offsets of the sidecar of `path`, or of one document over `count` tokens if there is none.
Result<std::vector<uint64_t>> ReadOffsets(const std::filesystem::path& path, uint64_t count) {
  const auto sidecar = Sidecar(path);
  if (!std::filesystem::exists(sidecar)) return std::vector<uint64_t>{0, count};
  auto file = MappedFile::Open(sidecar);
  if (!file) return file.error();
  const Error bad{"is not a document sidecar of this token file", sidecar.string(),
                  "write it again, or remove it: the file is then one document"};
  uint64_t documents = 0;
  if (file->size() < 16 || std::memcmp(file->data(), kDocsMagic, 8) != 0) return bad;
  std::memcpy(&documents, file->data() + 8, 8);
  if (documents >= file->size() || file->size() != 16 + (documents + 1) * 8) return bad;
  std::vector<uint64_t> offsets(documents + 1);
  std::memcpy(offsets.data(), file->data() + 16, offsets.size() * 8);
  if (!OffsetsAreValid(offsets, count)) return bad;
  return offsets;
}

Result<Tokens> Assemble(const std::filesystem::path& path, MappedFile file, size_t start, int width, uint64_t count) {
  auto offsets = ReadOffsets(path, count);
  if (!offsets) return offsets.error();
  return Tokens(std::move(file), start, width, count, std::move(*offsets));
}

// Writes `bytes` under a temporary name and renames it to `path`.
class AtomicWriter {
 public:
  explicit AtomicWriter(std::filesystem::path path)
      : path_(std::move(path)),
        temporary_(path_.string() + ".tmp" + std::to_string(getpid())),
        out_(temporary_, std::ios::binary) {}
  void Write(const void* data, size_t size) {
    out_.write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
  }
  Outcome Commit() {
    out_.close();
    std::error_code error;
    if (out_) std::filesystem::rename(temporary_, path_, error);
    if (out_ && !error) return std::nullopt;
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
    return Error{"cannot be written", path_.string(), "check free space and permissions"};
  }

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  std::ofstream out_;
};

}  // namespace

Result<Tokens> OpenLlmcFile(const std::filesystem::path& path) {
  auto file = MappedFile::Open(path);
  if (!file) return file.error();
  std::array<int32_t, 3> header{};
  if (file->size() >= kHeaderBytes) std::memcpy(header.data(), file->data(), sizeof header);
  const bool wide = header[0] == kMagic32 && (header[1] == 7 || header[1] == 1);
  if (!wide && !(header[0] == kMagic16 && header[1] == 1)) {
    return Error{"is not an llm.c token file (magic 20240520 or 20240801, version 1)", path.string(),
                 "for a headerless file of 16-bit ids give format: nanogpt, for text format: text"};
  }
  const int width = wide ? 4 : 2;
  const auto count = static_cast<uint64_t>(static_cast<uint32_t>(header[2]));
  const uint64_t expected = kHeaderBytes + count * static_cast<uint64_t>(width);
  if (file->size() != expected) {
    return Error{"has " + std::to_string(file->size()) + " bytes where its header promises " + std::to_string(expected),
                 path.string(), "copy the file again: it is cut or damaged"};
  }
  return Assemble(path, std::move(*file), kHeaderBytes, width, count);
}

Result<Tokens> OpenHeaderlessFile(const std::filesystem::path& path) {
  auto file = MappedFile::Open(path);
  if (!file) return file.error();
  if (file->size() % 2 != 0)
    return Error{"has an odd number of bytes: not a file of 16-bit ids", path.string(), "check the format"};
  const uint64_t count = file->size() / 2;
  return Assemble(path, std::move(*file), 0, 2, count);
}

Outcome WriteLlmcFile(const std::filesystem::path& path, const Tokens& tokens) {
  if (tokens.size() > UINT32_MAX) {
    return Error{"would hold " + std::to_string(tokens.size()) + " tokens, more than its header can say", path.string(),
                 "write several files"};
  }
  AtomicWriter docs(Sidecar(path));
  const uint64_t documents = tokens.documents();
  docs.Write(kDocsMagic, 8);
  docs.Write(&documents, 8);
  docs.Write(tokens.offsets().data(), tokens.offsets().size() * 8);
  if (auto failure = docs.Commit()) return failure;

  AtomicWriter file(path);
  const bool wide = tokens.width() == 4;
  const auto count = static_cast<int32_t>(static_cast<uint32_t>(tokens.size()));
  const std::array<int32_t, 256> header{wide ? kMagic32 : kMagic16, wide ? 7 : 1, count};
  file.Write(header.data(), sizeof header);
  if (tokens.size() > 0) file.Write(tokens.Raw(), tokens.size() * static_cast<uint64_t>(tokens.width()));
  return file.Commit();
}

}  // namespace plasa::trainer
