#include "cli/mlflow/http_url.h"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "absl/strings/str_cat.h"
#include "cli/output/exit_code.h"

namespace plasa::cli {
namespace {

absl::Status Refused(const std::string& text, const char* why, const std::string& mend) {
  return Failure(absl::StatusCode::kInvalidArgument, absl::StrCat(text, " ", why), mend);
}

std::string PrefixOf(const boost::urls::url_view& url) {
  std::string path(url.encoded_path());
  while (!path.empty() && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

std::string HttpUrl::Authority() const {
  return host.find(':') == std::string::npos ? absl::StrCat(host, ":", port) : absl::StrCat("[", host, "]:", port);
}

std::string HttpUrl::Text() const { return absl::StrCat("http://", Authority(), prefix); }

absl::StatusOr<HttpUrl> ParseHttpUrl(const std::string& text) {
  const auto url = boost::urls::parse_uri(text);
  if (!url || url->encoded_host().empty())
    return Refused(text, "is no address of a server", "write http://HOST:PORT, e.g. --to http://127.0.0.1:5000");
  if (url->scheme() == "https")
    return Refused(text, "is https, which plasactl does not speak",
                   absl::StrCat("forward a local port to it, e.g. by ssh -L 5000:127.0.0.1:5000 ",
                                std::string(url->encoded_host()), ", and push to http://127.0.0.1:5000"));
  if (url->scheme() != "http") return Refused(text, "is not http", "write http://HOST:PORT");
  // Not repeated: it may hold a password.
  if (url->has_userinfo())
    return Refused("the address", "holds a user's name", "set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD");
  if (url->has_query() || url->has_fragment()) return Refused(text, "has a ? or a #", "write http://HOST:PORT/prefix");
  return HttpUrl{url->host_address(), url->has_port() ? std::string(url->port()) : "80", PrefixOf(*url)};
}

}  // namespace plasa::cli
