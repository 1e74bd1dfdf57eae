// Which source this program was built from.
#pragma once

namespace plasa::cli {

struct CodeVersion {
  const char* commit;       // of git; empty where it was built without a repository
  const char* diff_sha256;  // of `git diff HEAD`; empty where nothing was changed
};

extern const CodeVersion kCodeVersion;

}  // namespace plasa::cli
