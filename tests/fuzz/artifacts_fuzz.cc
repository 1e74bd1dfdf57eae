// Any bytes as a row of calls that put and get parts of stored files, and starts of the coordinator between them: a
// file has its digest or is not there, nothing lies anywhere else, answers stay within the file, and whoever sends the
// right bytes next gets through.
#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <optional>
#include <set>

#include "absl/strings/str_split.h"
#include "common/base/sha256.h"
#include "common/runtime/artifact_path.h"
#include "common/runtime/durable_file.h"
#include "coordinator/rpc/parts.h"
#include "input_folder.h"
#include "plasa/v1/control.pb.h"

namespace plasa::rpc {
namespace {

namespace fs = std::filesystem;
using fuzz::Require;

constexpr uint64_t kMaxBytes = 1 << 20;
constexpr uint64_t kLongestPart = 3 << 20;
constexpr const char* kBetweenCalls = "\n----\n";        // in an input
constexpr absl::string_view kRightBytes = "0123456789";  // those that the seeds send too
constexpr size_t kHonestPart = 4;

// The folder of one coordinator, empty at first, alone in a folder of its own.
class Store {
 public:
  Store() : home_(fuzz::InputFolder() / "home"), root_(home_ + "/artifacts") {
    fs::remove_all(home_);
    Start();
  }

  // A coordinator that knows all that is stored.
  void Start() {
    artifacts_.emplace(root_, kMaxBytes);
    Require(artifacts_->Open(Stored()).ok(), "the folder opens");
  }

  [[nodiscard]] Artifacts& artifacts() { return *artifacts_; }
  [[nodiscard]] std::string PathOf(const std::string& sha256) const { return ArtifactPath(root_, sha256); }

  void Check() const {
    for (const auto& entry : fs::recursive_directory_iterator(home_)) {
      if (!entry.is_regular_file()) continue;
      const fs::path& path = entry.path();
      const std::string name = path.filename().string();
      const bool partial = path.parent_path() == root_ + "/partial" && IsSha256Hex(name.substr(0, name.find('-')));
      if (partial) {
        Require(entry.file_size() <= kMaxBytes, "an upload is no longer than a file may be");
      } else {
        Require(IsSha256Hex(name) && path == PathOf(name), "nothing lies anywhere else");
        Require(Sha256Hex(*ReadWholeFile(path.string())) == name, "what is stored has its digest");
      }
    }
  }

 private:
  [[nodiscard]] std::set<std::string> Stored() const {
    std::set<std::string> digests;
    if (!fs::exists(root_)) return digests;
    for (const auto& entry : fs::recursive_directory_iterator(root_)) digests.insert(entry.path().filename().string());
    return digests;
  }

  const std::string home_, root_;
  std::optional<Artifacts> artifacts_;
};

void CheckRefusal(const absl::Status& status) {
  Require(!status.message().empty(), "a refusal says why");
  Require(absl::IsInvalidArgument(status) || absl::IsDataLoss(status) || absl::IsNotFound(status),
          "and is the sender's to mend");
}

template <class Reply, class Request>
void TryPut(absl::string_view bytes, Store& store) {
  Request request;
  if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  const auto reply = PutPart<Reply>(store.artifacts(), request);
  if (!reply.ok()) return CheckRefusal(reply.status());
  if (!reply->complete()) return Require(reply->next_offset() < request.size(), "there is something left to send");
  Require(reply->next_offset() == request.size(), "what is complete has its size");
  Require(store.artifacts().Has(request.sha256(), request.size()), "and is there");
}

void TryGet(absl::string_view bytes, Store& store) {
  v1::GetChunkRequest request;
  if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  const auto reply = GetPart(store.artifacts(), request);
  if (!reply.ok()) return CheckRefusal(reply.status());
  const std::string whole = *ReadWholeFile(store.PathOf(request.sha256()));
  Require(reply->size() == whole.size(), "the size is the file's");
  Require(request.max_bytes() == 0 || reply->data().size() <= request.max_bytes(),
          "a part is no longer than was asked");
  Require(reply->data().size() <= kLongestPart, "nor than a message may be");
  const uint64_t from = std::min<uint64_t>(request.offset(), whole.size());
  Require(reply->data() == whole.substr(from, reply->data().size()), "and has the bytes of its place");
  Require(reply->data().empty() == (from == whole.size()), "it is empty at the end, and there alone");
}

// The first letter says which call it is.
void Try(absl::string_view call, Store& store) {
  if (call.empty()) return;
  const absl::string_view message = call.substr(1);
  if (call[0] == 'P') TryPut<v1::PutChunkReply, v1::PutChunkRequest>(message, store);
  if (call[0] == 'D') TryPut<v1::PutDataReply, v1::PutDataRequest>(message, store);
  if (call[0] == 'G') TryGet(message, store);
  if (call[0] == 'S') store.Start();
}

// Sends the right bytes as a worker does: from wherever the upload stands. Wrong bytes that others left make it begin
// again, once.
void CheckHonestSender(Store& store) {
  v1::PutChunkRequest request;
  request.set_sha256(Sha256Hex(std::string(kRightBytes)));
  request.set_size(kRightBytes.size());
  int spoiled = 0;
  for (bool complete = false; !complete;) {
    request.set_data(std::string(kRightBytes.substr(request.offset(), kHonestPart)));
    const auto reply = PutPart<v1::PutChunkReply>(store.artifacts(), request);
    Require(reply.ok() || (absl::IsDataLoss(reply.status()) && ++spoiled == 1), "the right bytes get through");
    complete = reply.ok() && reply->complete();
    Require(complete || !reply.ok() || reply->next_offset() < request.size(), "there is something left to send");
    request.set_offset(reply.ok() ? reply->next_offset() : 0);
  }
}

}  // namespace
}  // namespace plasa::rpc

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  google::protobuf::SetLogHandler(nullptr);
  using namespace plasa;
  rpc::Store store;
  for (const absl::string_view call :
       absl::StrSplit(absl::string_view(reinterpret_cast<const char*>(data), size), rpc::kBetweenCalls))
    rpc::Try(call, store);
  store.Check();
  rpc::CheckHonestSender(store);
  store.Check();
  return 0;
}
