#include "common/runtime/data_listing.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/plain_path.h"
#include "common/base/sha256.h"
#include "common/runtime/json.h"

namespace plasa {
namespace {

namespace json = boost::json;

absl::Status Bad(const std::string& what) { return absl::InvalidArgumentError(absl::StrCat("a data listing ", what)); }

absl::StatusOr<DataFile> FileOf(const json::value& value) {
  if (!value.is_object()) return Bad("has an entry that is not an object");
  const json::object& object = value.get_object();
  DataFile file{TextOr(object, "name", ""), 0, TextOr(object, "sha256", "")};
  const int64_t size = IntegerOr(object, "size", -1);
  if (!IsPlainPath(file.name)) return Bad(absl::StrCat("has the name \"", file.name, "\", which leaves its folder"));
  if (size < 0 || !IsSha256Hex(file.sha256)) return Bad(absl::StrCat("lacks size or sha256 of ", file.name));
  file.size = static_cast<uint64_t>(size);
  return file;
}

}  // namespace

std::string ListingText(const DataListing& listing) {
  json::array files;
  for (const DataFile& file : listing.files)
    files.push_back(json::object{{"name", file.name}, {"size", file.size}, {"sha256", file.sha256}});
  return json::serialize(json::object{{"v", 1}, {"file", listing.file}, {"files", std::move(files)}});
}

absl::StatusOr<DataListing> ParseListing(const std::string& text) {
  const json::object object = ParseObjectOrEmpty(text);
  const json::value* files = object.if_contains("files");
  if (IntegerOr(object, "v", 0) != 1 || files == nullptr || !files->is_array()) return Bad("is none of this version");
  if (files->get_array().empty() || files->get_array().size() > kMostDataFiles)
    return Bad(absl::StrCat("names no file, or more than ", kMostDataFiles));
  DataListing listing{TextOr(object, "file", ""), {}};
  for (const json::value& value : files->get_array()) {
    absl::StatusOr<DataFile> file = FileOf(value);
    if (!file.ok()) return file.status();
    if (!listing.files.empty() && listing.files.back().name >= file->name) return Bad("is not ordered by name");
    listing.files.push_back(*std::move(file));
  }
  const auto is_meant = [&](const DataFile& file) { return file.name == listing.file; };
  if (!listing.file.empty() && std::none_of(listing.files.begin(), listing.files.end(), is_meant))
    return Bad(absl::StrCat("means the file ", listing.file, ", which it does not name"));
  return listing;
}

}  // namespace plasa
