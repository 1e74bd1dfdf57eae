#include "recorded_disk.h"

#include <algorithm>
#include <set>

namespace plasa::store {
namespace {

constexpr size_t kSector = 512;

bool Chance(std::mt19937& random, double probability) { return std::bernoulli_distribution(probability)(random); }

void Grow(std::string* bytes, size_t size) {
  if (bytes->size() < size) bytes->resize(size, '\0');
}

// A write of which each sector came with probability `kept`.
void TearInto(const DiskOperation& write, double kept, std::mt19937& random, std::string* bytes) {
  for (size_t done = 0; done < write.bytes.size();) {
    const size_t at = write.at + done;
    const size_t size = std::min(kSector - at % kSector, write.bytes.size() - done);
    const bool came = Chance(random, kept);
    if (came || Chance(random, kept)) Grow(bytes, at + size);
    if (came) bytes->replace(at, size, write.bytes, done, size);
    done += size;
  }
}

void ApplyWhole(const DiskOperation& operation, std::string* bytes) {
  if (operation.kind == DiskOperation::Kind::kTruncate) {
    bytes->resize(operation.at, '\0');
    return;
  }
  Grow(bytes, operation.at + operation.bytes.size());
  bytes->replace(operation.at, operation.bytes.size(), operation.bytes);
}

void ApplyPerhaps(const DiskOperation& operation, double kept, std::mt19937& random, std::string* bytes) {
  const bool torn = operation.kind == DiskOperation::Kind::kWrite && Chance(random, 0.5);
  if (torn) {
    TearInto(operation, kept, random, bytes);
  } else if (Chance(random, kept)) {
    ApplyWhole(operation, bytes);
  }
}

}  // namespace

RecordedDisk::RecordedDisk(const Files& durable) {
  for (const auto& [name, bytes] : durable) {
    names_[name] = durable_names_[name] = files_.size();
    files_.push_back({bytes, {}});
  }
}

void RecordedDisk::SetName(const std::string& name, FileNumber file) {
  if (file == kGone) {
    names_.erase(name);
  } else {
    names_[name] = file;
  }
  unsynced_names_.emplace_back(name, file);
}

void RecordedDisk::Apply(const DiskOperation& operation) {
  switch (operation.kind) {
    case DiskOperation::Kind::kCreate:
      SetName(operation.name, files_.size());
      files_.emplace_back();
      return;
    case DiskOperation::Kind::kDelete:
      SetName(operation.name, kGone);
      return;
    case DiskOperation::Kind::kSyncDirectory:
      durable_names_ = names_;
      unsynced_names_.clear();
      return;
    case DiskOperation::Kind::kSync: {
      File& file = files_[names_.at(operation.name)];
      for (const DiskOperation& done : file.unsynced) ApplyWhole(done, &file.durable);
      file.unsynced.clear();
      return;
    }
    default:
      files_[names_.at(operation.name)].unsynced.push_back(operation);
  }
}

std::map<std::string, RecordedDisk::FileNumber> RecordedDisk::NamesAfterPowerCut(std::mt19937& random) const {
  std::map<std::string, FileNumber> names = durable_names_;
  std::set<std::string> stopped;  // of one name what came first is there first
  for (const auto& [name, file] : unsynced_names_) {
    if (stopped.count(name) > 0) continue;
    if (Chance(random, 0.5)) {
      stopped.insert(name);
    } else if (file == kGone) {
      names.erase(name);
    } else {
      names[name] = file;
    }
  }
  return names;
}

Files RecordedDisk::AfterPowerCut(std::mt19937& random) const {
  const double kept = std::uniform_int_distribution<int>(0, 4)(random) / 4.0;
  Files after;
  for (const auto& [name, number] : NamesAfterPowerCut(random)) {
    std::string& bytes = after[name] = files_[number].durable;
    for (const DiskOperation& operation : files_[number].unsynced) ApplyPerhaps(operation, kept, random, &bytes);
  }
  return after;
}

size_t RecordedDisk::unsynced() const {
  size_t sum = 0;
  for (const File& file : files_) sum += file.unsynced.size();
  return sum;
}

}  // namespace plasa::store
