#include "coordinator/http/assets.h"

#include <algorithm>

#include "coordinator/http/embedded_assets.h"

namespace plasa::http {

const Asset* FindAsset(const std::vector<std::string>& path) {
  const bool is_page = path.empty() || path.back().find('.') == std::string::npos;
  const std::string name = is_page ? "index.html" : path.size() == 1 ? path.front() : "";
  const auto it =
      std::find_if(EmbeddedAssets().begin(), EmbeddedAssets().end(), [&](const Asset& a) { return a.name == name; });
  return it == EmbeddedAssets().end() ? nullptr : &*it;
}

Reply AssetReply(const Request& request) {
  const Asset* asset = FindAsset(request.path);
  if (asset == nullptr) return ErrorReply(404, "NOT_FOUND", "There is no such page.", "The dashboard begins at /.");
  Reply reply;
  reply.content_type = asset->content_type;
  reply.headers = {{"ETag", std::string(asset->etag)}, {"Cache-Control", "no-cache"}, {"Vary", "Accept-Encoding"}};
  if (request.if_none_match.find(asset->etag) != std::string::npos) {
    reply.status = 304;
  } else if (request.accepts_gzip) {
    reply.fixed = asset->gzip;
    reply.headers.emplace_back("Content-Encoding", "gzip");
  } else {
    reply.fixed = asset->bytes;
  }
  return reply;
}

}  // namespace plasa::http
