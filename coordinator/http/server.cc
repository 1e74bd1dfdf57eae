#include "coordinator/http/server.h"

#include <utility>

#include "coordinator/http/http_loop.h"
#include "coordinator/http/site.h"

namespace plasa {

// The loop goes first: no request reaches the site once it is gone.
class HttpServer::Impl {
 public:
  Impl(http::HttpOptions options, Commands& commands, store::Reader& reader, store::ReadPool& slow, LiveFeed& live,
       Auth& auth, std::shared_ptr<prometheus::Registry> metrics)
      : site_(options, commands, reader, slow, live, auth, std::move(metrics)),
        loop_(std::move(options), site_, live) {}

  http::HttpLoop& loop() { return loop_; }

 private:
  http::Site site_;
  http::HttpLoop loop_;
};

HttpServer::HttpServer(http::HttpOptions options, Commands& commands, store::Reader& reader, store::ReadPool& slow,
                       LiveFeed& live, Auth& auth, std::shared_ptr<prometheus::Registry> metrics)
    : impl_(std::make_unique<Impl>(std::move(options), commands, reader, slow, live, auth, std::move(metrics))) {}
HttpServer::~HttpServer() = default;

absl::Status HttpServer::Start() { return impl_->loop().Start(); }
int HttpServer::port() const { return impl_->loop().port(); }
void HttpServer::Stop() { impl_->loop().Stop(); }

}  // namespace plasa
