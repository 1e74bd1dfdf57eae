#include "cli/verbs/copy_view.h"

#include <boost/json/array.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace plasa::cli {
namespace {

TableCell BytesCell(uint64_t bytes) {
  return {absl::StrFormat("%.1f MiB", static_cast<double>(bytes) / (1 << 20)), absl::StrCat(bytes)};
}

}  // namespace

View CopyView(const std::string& key, const std::string& place, const store::CopySummary& copied) {
  View view;
  view.json = {{"v", 1},
               {key, place},
               {"sweeps", copied.sweeps},
               {"trials", copied.trials},
               {"database_bytes", copied.database_bytes},
               {"artifacts", copied.artifacts},
               {"artifact_bytes", copied.artifact_bytes},
               {"missing", boost::json::array(copied.missing.begin(), copied.missing.end())}};
  view.table.columns = {{absl::AsciiStrToUpper(key)}, {"SWEEPS", true},    {"TRIALS", true},
                        {"DATABASE", true},           {"ARTIFACTS", true}, {"SIZE", true}};
  view.table.rows = {{place, absl::StrCat(copied.sweeps), absl::StrCat(copied.trials), BytesCell(copied.database_bytes),
                      absl::StrCat(copied.artifacts), BytesCell(copied.artifact_bytes)}};
  return view;
}

std::string MissingText(const store::CopySummary& copied) {
  return absl::StrCat(copied.missing.size(), " artifacts are missing or damaged, the first is ",
                      copied.missing.front());
}

}  // namespace plasa::cli
