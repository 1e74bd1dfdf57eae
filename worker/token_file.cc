#include "worker/token_file.h"

#include <fstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/token_text.h"

namespace plasa::worker {

absl::StatusOr<std::string> ReadToken(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  absl::StripAsciiWhitespace(&line);
  if (IsTokenText(line)) return line;
  const absl::string_view what = line.empty() ? " is empty or cannot be read" : " holds no token in its first line";
  return absl::PermissionDeniedError(absl::StrCat("token file ", path, what, " (see plasactl worker token)"));
}

}  // namespace plasa::worker
