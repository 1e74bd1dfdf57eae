// The table of the dashboard's files; its source is generated from web/dist (embed_assets.cmake).
#pragma once

#include <span>

#include "coordinator/http/assets.h"

namespace plasa::http {

[[nodiscard]] std::span<const Asset> EmbeddedAssets();

}  // namespace plasa::http
