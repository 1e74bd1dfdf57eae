#include "trainer/tensor_header.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "trainer/json/bounded_json.h"

namespace plasa::trainer {
namespace {

constexpr JsonLimits kLimits = {.depth = 4, .values = 4'000'000, .repeats = false};
constexpr size_t kMostDimensions = 64;
constexpr char kMetadata[] = "__metadata__";

struct TypeName {
  const char* name;
  at::ScalarType type;
};

constexpr TypeName kTypes[] = {{"F64", at::kDouble}, {"F32", at::kFloat}, {"BF16", at::kBFloat16}, {"F16", at::kHalf},
                               {"I64", at::kLong},   {"I32", at::kInt},   {"U8", at::kByte},       {"BOOL", at::kBool}};

std::optional<at::ScalarType> TypeOf(const std::string& name) {
  const auto it = std::find_if(std::begin(kTypes), std::end(kTypes), [&](const TypeName& t) { return name == t.name; });
  return it == std::end(kTypes) ? std::nullopt : std::optional(it->type);
}

// Reads entries; each step throws Refused with the reason.
struct Refused {
  std::string reason;
};

Refused Wrong(const std::string& name, const std::string& what) { return {"tensor " + Excerpt(name) + " " + what}; }

uint64_t Unsigned(const Json& value, const std::string& name) {
  if (!value.is_number_unsigned()) throw Wrong(name, "has a shape or offset that is no whole number");
  return value.get<uint64_t>();
}

std::vector<int64_t> ShapeOf(const Json& sides, const std::string& name) {
  if (sides.size() > kMostDimensions)
    throw Wrong(name, "has more than " + std::to_string(kMostDimensions) + " dimensions");
  std::vector<int64_t> shape;
  for (const auto& side : sides) {
    const uint64_t n = Unsigned(side, name);
    if (n > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) throw Wrong(name, "is too large");
    shape.push_back(static_cast<int64_t>(n));
  }
  return shape;
}

// Strides must not overflow either, so a side of 0 makes no other side harmless.
uint64_t ByteSize(const TensorEntry& entry) {
  auto largest = static_cast<int64_t>(at::elementSize(entry.type));
  bool empty = false;
  for (const int64_t side : entry.shape) {
    empty = empty || side == 0;
    if (__builtin_mul_overflow(largest, std::max<int64_t>(side, 1), &largest)) throw Wrong(entry.name, "is too large");
  }
  return empty ? 0 : static_cast<uint64_t>(largest);
}

bool HasItsMembers(const Json& value) {
  const auto has = [&](const char* key, Json::value_t type) {
    return value.contains(key) && value[key].type() == type;
  };
  return value.is_object() && has("dtype", Json::value_t::string) && has("shape", Json::value_t::array) &&
         has("data_offsets", Json::value_t::array) && value["data_offsets"].size() == 2;
}

TensorEntry ParseEntry(const std::string& name, const Json& value, uint64_t data_size) {
  if (!HasItsMembers(value)) throw Wrong(name, "lacks dtype, shape or data_offsets");
  const auto type = TypeOf(value["dtype"].get_ref<const std::string&>());
  if (!type) throw Wrong(name, "has the unknown dtype " + Excerpt(value["dtype"]));
  const Json& offsets = value["data_offsets"];
  TensorEntry entry{name, *type, ShapeOf(value["shape"], name), Unsigned(offsets[0], name), Unsigned(offsets[1], name)};
  if (entry.begin > entry.end || entry.end > data_size) throw Wrong(name, "lies outside the file");
  if (ByteSize(entry) != entry.end - entry.begin) throw Wrong(name, "has offsets that do not fit its shape");
  return entry;
}

std::map<std::string, std::string> ParseMetadata(const Json& value) {
  if (!value.is_object()) throw Refused{std::string(kMetadata) + " is not an object"};
  std::map<std::string, std::string> metadata;
  for (const auto& [key, text] : value.items()) {
    if (text.is_string()) metadata[key] = text.get<std::string>();
  }
  return metadata;
}

// Brings the entries into the order of the file.
void RefuseOverlaps(std::vector<TensorEntry>& entries, uint64_t data_size) {
  std::sort(entries.begin(), entries.end(), [](const TensorEntry& a, const TensorEntry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  uint64_t at = 0;
  for (const TensorEntry& entry : entries) {
    if (entry.begin != at) throw Wrong(entry.name, entry.begin < at ? "overlaps another" : "leaves a gap before it");
    at = entry.end;
  }
  if (at != data_size) throw Refused{"bytes after the last tensor"};
}

}  // namespace

const char* TensorTypeName(at::ScalarType type) {
  const auto it = std::find_if(std::begin(kTypes), std::end(kTypes), [&](const TypeName& t) { return t.type == type; });
  return it == std::end(kTypes) ? nullptr : it->name;
}

Result<TensorHeader> ParseTensorHeader(const std::string& text, uint64_t data_size) {
  const auto json = ParseBoundedJson(text, kLimits);
  if (!json) return Error{"the header " + json.error().what, "", ""};
  if (!json->is_object()) return Error{"the header is not a JSON object", "", ""};
  try {
    TensorHeader header;
    for (const auto& [name, value] : json->items()) {
      if (name == kMetadata) {
        header.metadata = ParseMetadata(value);
      } else {
        header.entries.push_back(ParseEntry(name, value, data_size));
      }
    }
    RefuseOverlaps(header.entries, data_size);
    return header;
  } catch (const Refused& refused) {
    return Error{refused.reason, "", ""};
  }
}

}  // namespace plasa::trainer
