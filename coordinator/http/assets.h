// The dashboard's files, built into the program.
#pragma once

#include <string>
#include <string_view>

#include "coordinator/http/message.h"

namespace plasa::http {

struct Asset {
  std::string_view name;  // "app.js"
  std::string_view content_type;
  std::string_view etag;  // with its quotes
  std::string_view bytes;
  std::string_view gzip;
};

// nullptr where there is no such file. Every path of the app without a dot in its last segment is index.html.
[[nodiscard]] const Asset* FindAsset(const std::vector<std::string>& path);

// The file, 304 when the client has it, 404 when there is none.
[[nodiscard]] Reply AssetReply(const Request& request);

}  // namespace plasa::http
