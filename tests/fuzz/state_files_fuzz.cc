// Any bytes as the files of a state directory that programs of this machine read: tokens/ and endpoints.json; and as an
// address to listen on.
#include "absl/strings/ascii.h"
#include "cli/remote/endpoint.h"
#include "cli/remote/state_dir.h"
#include "common/base/plain_path.h"
#include "common/runtime/data_listing.h"
#include "common/runtime/durable_file.h"
#include "common/runtime/listen_address.h"
#include "coordinator/endpoints.h"
#include "coordinator/store/database_file.h"
#include "coordinator/token_files.h"
#include "input_folder.h"

namespace plasa {
namespace {

using fuzz::InputFolder;
using fuzz::Require;

class StillClock final : public Clock {
 public:
  [[nodiscard]] int64_t SteadyMs() const override { return 0; }
  [[nodiscard]] double UnixSeconds() const override { return 1.75e9; }
};

// A coordinator that starts with these files opens to what they then say, and to nothing that was in them by chance.
void CheckTokens(const std::string& input) {
  static store::Queries queries(*store::OpenDatabase(InputFolder().path().string()));
  const StillClock clock;
  const std::string dir = InputFolder().path().string();
  InputFolder().Write("tokens/admin", input);
  const auto credentials = OpenCredentials(queries, dir, clock);
  Require(credentials.ok(), "a damaged token file does not keep the coordinator from starting");
  const auto secret = cli::ReadTokenFile(dir + "/tokens/admin");
  Require(secret.ok(), "and is replaced by one that can be read");
  const Auth auth(clock, *credentials, {});
  Require(auth.Check(*secret, Scope::kAdmin).ok(), "which opens the door");
  const std::string before(absl::StripAsciiWhitespace(input));
  Require(before == *secret || !auth.Identify(before).ok(), "what stood there before does not");
  Require(queries.Run("DELETE FROM tokens WHERE scope = 'admin'").ok(), "the table stays small");
}

void CheckTokenFile(const std::string& input) {
  const auto secret = cli::ReadTokenFile(InputFolder().Write("token", input));
  if (!secret.ok()) return Require(!secret.status().message().empty(), "a refusal says why");
  Require(!secret->empty() && std::all_of(secret->begin(), secret->end(), absl::ascii_isgraph),
          "a token fits a header: gRPC ends the process for anything else");
}

void CheckEndpoints(const std::string& input) {
  const std::string dir = InputFolder().path().string();
  InputFolder().Write("endpoints.json", input);
  const auto endpoints = cli::ReadEndpoints(dir);
  Require(endpoints.ok() || !endpoints.status().message().empty(), "a refusal says why");
  ListenAddress asked;
  asked.http_port = asked.grpc_port = 0;
  const ListenAddress address = WithRecordedPorts(asked, dir);
  Require(address.http_port >= 0 && address.http_port < 65536 && address.grpc_port >= 0 && address.grpc_port < 65536,
          "ports are ports");
}

void CheckListen(std::string_view input) {
  const auto address = ParseListenAddress({input.data(), input.size()});
  if (!address.ok()) return Require(!address.status().message().empty(), "a refusal says why");
  Require(address->http_port >= 0 && address->http_port < 65536, "a port is a port");
  const std::string again = HostPort(address->host, address->http_port) + ":" + std::to_string(address->grpc_port);
  const auto back = ParseListenAddress(again);
  Require(back.ok() && back->host == address->host && back->http_port == address->http_port &&
              back->grpc_port == address->grpc_port && back->IsLoopback() == address->IsLoopback(),
          "an address gives itself");
}

// A listing is an artifact like any other: whoever may submit writes its bytes.
void CheckListing(const std::string& input) {
  const auto listing = ParseListing(input);
  if (!listing.ok()) return Require(!listing.status().message().empty(), "a refusal says why");
  for (const DataFile& file : listing->files) Require(IsPlainPath(file.name), "no file leaves its package");
  const auto back = ParseListing(ListingText(*listing));
  Require(back.ok() && ListingText(*back) == ListingText(*listing), "a listing gives itself");
}

}  // namespace
}  // namespace plasa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plasa;
  const std::string input(fuzz::AsText(data, size));
  CheckTokens(input);
  CheckTokenFile(input);
  CheckEndpoints(input);
  CheckListen(input);
  CheckListing(input);
  return 0;
}
