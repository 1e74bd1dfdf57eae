// The HTTP server over a fake core and a real, small database, listening on loopback.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "coordinator/auth.h"
#include "coordinator/http/server.h"
#include "coordinator/live.h"
#include "coordinator/store/read.h"
#include "coordinator/store/read_pool.h"
#include "fake_commands.h"
#include "http_client.h"
#include "test_database.h"

namespace plasa {

// The clock of the secrets; stands still.
class StillClock final : public Clock {
 public:
  [[nodiscard]] int64_t SteadyMs() const override { return 0; }
  [[nodiscard]] double UnixSeconds() const override { return 1.75e9; }
};

inline constexpr uint64_t kEpoch = 3;

class HttpServerTest : public testing::Test {
 protected:
  HttpServerTest();
  ~HttpServerTest() override;

  // Called by the first request; tests set `options` before.
  void Start();
  [[nodiscard]] store::Reader& reader() { return *reader_; }
  [[nodiscard]] store::ReadPool& slow() { return slow_; }
  void Stop() { server_->Stop(); }
  [[nodiscard]] int port() const { return server_->port(); }

  // One request on a connection of its own.
  [[nodiscard]] HttpReply Ask(std::string_view method, std::string_view target,
                              const std::vector<std::string>& headers = {}, std::string_view body = "");
  // GET with the token that may read everything.
  [[nodiscard]] HttpReply Get(std::string_view target);
  [[nodiscard]] boost::json::value GetJson(std::string_view target);
  // POST {} as a program with the token that may submit.
  [[nodiscard]] HttpReply Post(std::string_view target);

  // "Authorization: Bearer …" of a fresh token.
  [[nodiscard]] std::string Bearer(Scope scope);

  http::HttpOptions options;
  FakeCommands commands;
  LiveFeed live{kEpoch, /*capacity=*/4};
  std::shared_ptr<prometheus::Registry> registry;

 private:
  const std::string directory_;
  StillClock clock_;
  std::unique_ptr<store::Reader> reader_;
  store::ReadPool slow_{1, 4};

 protected:
  Auth auth{
      clock_, {}, [](const Credential&, const std::function<void(absl::Status)>& done) { done(absl::OkStatus()); }};

 private:
  std::unique_ptr<HttpServer> server_;  // last: it uses the others
};

}  // namespace plasa
