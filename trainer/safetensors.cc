#include "trainer/safetensors.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

namespace plasa::trainer {
namespace {

using nlohmann::ordered_json;

constexpr uint64_t kHeaderLimit = 100'000'000;

struct TypeName {
  const char* name;
  at::ScalarType type;
};

constexpr TypeName kTypes[] = {{"F64", at::kDouble}, {"F32", at::kFloat}, {"BF16", at::kBFloat16}, {"F16", at::kHalf},
                               {"I64", at::kLong},   {"I32", at::kInt},   {"U8", at::kByte},       {"BOOL", at::kBool}};

const char* NameOf(at::ScalarType type) {
  const auto it = std::find_if(std::begin(kTypes), std::end(kTypes), [&](const TypeName& t) { return t.type == type; });
  return it == std::end(kTypes) ? nullptr : it->name;
}

std::optional<at::ScalarType> TypeOf(const std::string& name) {
  const auto it = std::find_if(std::begin(kTypes), std::end(kTypes), [&](const TypeName& t) { return name == t.name; });
  return it == std::end(kTypes) ? std::nullopt : std::optional(it->type);
}

// One tensor as the header describes it, checked against the file.
struct Entry {
  std::string name;
  at::ScalarType type;
  std::vector<int64_t> shape;
  uint64_t begin, end;
};

// Reads headers; each step throws Refused with the reason.
struct Refused {
  std::string reason;
};

uint64_t Unsigned(const ordered_json& value, const std::string& name) {
  if (!value.is_number_unsigned()) throw Refused{"tensor " + name + " has a shape or offset that is no whole number"};
  return value.get<uint64_t>();
}

uint64_t ByteSize(const Entry& entry) {
  uint64_t bytes = at::elementSize(entry.type);
  for (const int64_t side : entry.shape) {
    if (__builtin_mul_overflow(bytes, static_cast<uint64_t>(side), &bytes))
      throw Refused{"tensor " + entry.name + " is too large"};
  }
  return bytes;
}

Entry ParseEntry(const std::string& name, const ordered_json& value, uint64_t data_size) {
  if (!value.is_object() || !value.contains("dtype") || !value["dtype"].is_string() || !value.contains("shape") ||
      !value["shape"].is_array() || !value.contains("data_offsets") || !value["data_offsets"].is_array() ||
      value["data_offsets"].size() != 2) {
    throw Refused{"tensor " + name + " lacks dtype, shape or data_offsets"};
  }
  const auto type = TypeOf(value["dtype"].get<std::string>());
  if (!type) throw Refused{"tensor " + name + " has the unknown dtype " + value["dtype"].get<std::string>()};
  Entry entry{name, *type, {}, Unsigned(value["data_offsets"][0], name), Unsigned(value["data_offsets"][1], name)};
  for (const auto& side : value["shape"]) {
    const uint64_t n = Unsigned(side, name);
    if (n > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
      throw Refused{"tensor " + name + " is too large"};
    entry.shape.push_back(static_cast<int64_t>(n));
  }
  if (entry.begin > entry.end || entry.end > data_size) throw Refused{"tensor " + name + " lies outside the file"};
  if (ByteSize(entry) != entry.end - entry.begin)
    throw Refused{"tensor " + name + " has offsets that do not fit its shape"};
  return entry;
}

void RefuseOverlaps(std::vector<Entry> entries, uint64_t data_size) {
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
  uint64_t at = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != at)
      throw Refused{"tensor " + entry.name + (entry.begin < at ? " overlaps another" : " leaves a gap before it")};
    at = entry.end;
  }
  if (at != data_size) throw Refused{"bytes after the last tensor"};
}

// Parses the header; names that come twice are refused rather than merged.
ordered_json ParseHeader(const std::string& text) {
  std::vector<std::string> seen;
  const auto no_repeats = [&](int depth, ordered_json::parse_event_t event, ordered_json& parsed) {
    if (depth == 1 && event == ordered_json::parse_event_t::key) seen.push_back(parsed.get<std::string>());
    return true;
  };
  ordered_json header = ordered_json::parse(text, no_repeats, /*allow_exceptions=*/false);
  if (!header.is_object()) throw Refused{"the header is not a JSON object"};
  std::sort(seen.begin(), seen.end());
  if (std::adjacent_find(seen.begin(), seen.end()) != seen.end()) throw Refused{"a name comes twice"};
  return header;
}

TensorFile ReadFrom(std::ifstream& in, uint64_t size) {
  uint64_t header_size = 0;
  if (size < 8 || !in.read(reinterpret_cast<char*>(&header_size), 8)) throw Refused{"shorter than its header length"};
  if (header_size > kHeaderLimit || header_size > size - 8)
    throw Refused{"the header is longer than the file or 100 MB"};
  std::string text(header_size, '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(header_size))) throw Refused{"the header cannot be read"};
  const ordered_json header = ParseHeader(text);
  TensorFile file;
  std::vector<Entry> entries;
  for (const auto& [name, value] : header.items()) {
    if (name != "__metadata__") {
      entries.push_back(ParseEntry(name, value, size - 8 - header_size));
      continue;
    }
    for (const auto& [key, text_value] : value.items()) {
      if (text_value.is_string()) file.metadata[key] = text_value.get<std::string>();
    }
  }
  RefuseOverlaps(entries, size - 8 - header_size);
  for (const Entry& entry : entries) {
    const at::Tensor tensor = at::empty(entry.shape, entry.type);
    in.seekg(static_cast<std::streamoff>(8 + header_size + entry.begin));
    if (entry.end > entry.begin &&
        !in.read(static_cast<char*>(tensor.data_ptr()), static_cast<std::streamsize>(entry.end - entry.begin))) {
      throw Refused{"tensor " + entry.name + " cannot be read"};
    }
    file.tensors.emplace_back(entry.name, tensor);
  }
  return file;
}

}  // namespace

const at::Tensor* TensorFile::Find(const std::string& name) const {
  const auto it = std::find_if(tensors.begin(), tensors.end(), [&](const auto& t) { return t.first == name; });
  return it == tensors.end() ? nullptr : &it->second;
}

Outcome WriteTensors(const std::string& path, const TensorFile& file) {
  ordered_json header = ordered_json::object();
  if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
  std::vector<at::Tensor> data;
  uint64_t at = 0;
  for (const auto& [name, tensor] : file.tensors) {
    const char* type = NameOf(tensor.scalar_type());
    if (!type) return Error{"tensor " + name + " has a type that cannot be written", path, ""};
    data.push_back(tensor.detach().to(at::kCPU).contiguous());
    header[name] = {
        {"dtype", type}, {"shape", tensor.sizes().vec()}, {"data_offsets", {at, at + data.back().nbytes()}}};
    at += data.back().nbytes();
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  const uint64_t size = text.size();
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(&size), 8);
  out.write(text.data(), static_cast<std::streamsize>(size));
  for (const at::Tensor& t : data)
    out.write(static_cast<const char*>(t.data_ptr()), static_cast<std::streamsize>(t.nbytes()));
  out.flush();
  if (!out) return Error{std::string("cannot be written: ") + std::strerror(errno), path, "is the disk full?"};
  return std::nullopt;
}

Result<TensorFile> ReadTensors(const std::string& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) return Error{std::string("cannot be opened: ") + std::strerror(errno), path, ""};
  const auto size = static_cast<uint64_t>(in.tellg());
  in.seekg(0);
  try {
    return ReadFrom(in, size);
  } catch (const Refused& refused) {
    return Error{"not a tensor file: " + refused.reason, path, ""};
  } catch (const std::exception& e) {
    return Error{std::string("not a tensor file: ") + e.what(), path, ""};
  }
}

}  // namespace plasa::trainer
