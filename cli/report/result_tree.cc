#include "cli/report/result_tree.h"

#include "cli/remote/state_dir.h"
#include "common/base/sha256.h"

namespace plasa::cli {

void ResultTree::Write(const std::string& name, const std::string& text) {
  if (status_.ok()) status_ = WriteFile(root_ / name, text);
  if (status_.ok()) digests_[name] = Sha256Hex(text);
}

void ResultTree::Add(const std::string& name) {
  if (!status_.ok()) return;
  const auto text = ReadFile(root_ / name);
  status_ = text.status();
  if (text.ok()) digests_[name] = Sha256Hex(*text);
}

boost::json::object ResultTree::Digests() const {
  boost::json::object out;
  for (const auto& [name, digest] : digests_) out[name] = digest;
  return out;
}

}  // namespace plasa::cli
