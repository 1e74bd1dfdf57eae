// What `backup` and `restore` say about what they copied.
#pragma once

#include <string>

#include "cli/output/view.h"
#include "coordinator/store/backup.h"

namespace plasa::cli {

// `key` names the place that was written, in JSON and as the first column.
[[nodiscard]] View CopyView(const std::string& key, const std::string& place, const store::CopySummary& copied);

// How many artifacts are missing, and the first of them.
[[nodiscard]] std::string MissingText(const store::CopySummary& copied);

}  // namespace plasa::cli
