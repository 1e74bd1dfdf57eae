#include "trainer/json/bounded_json.h"

namespace plasa::trainer {
namespace {

constexpr size_t kExcerpt = 120;

// Thrown out of the parser: it reads on otherwise.
struct Excess {
  std::string what;
};

// Counts what a document holds and keeps none of it. The parser's callbacks could do so while it builds the document,
// but with them it looks at all values before a list or object whenever that ends.
class Guard final : public nlohmann::json_sax<Json> {
 public:
  explicit Guard(const JsonLimits& limits) : limits_(limits) {}
  [[nodiscard]] uint64_t outer_names() const { return outer_names_; }

  bool null() override { return Count(); }
  bool boolean(bool) override { return Count(); }
  bool number_integer(number_integer_t) override { return Count(); }
  bool number_unsigned(number_unsigned_t) override { return Count(); }
  bool number_float(number_float_t, const string_t&) override { return Count(); }
  bool string(string_t&) override { return Count(); }
  bool binary(binary_t&) override { return Count(); }
  bool start_object(size_t) override { return Descend(); }
  bool start_array(size_t) override { return Descend(); }
  bool end_object() override { return Ascend(); }
  bool end_array() override { return Ascend(); }
  bool key(string_t&) override {
    outer_names_ += depth_ == 1;
    return true;
  }
  bool parse_error(size_t, const std::string&, const Json::exception&) override { return false; }

 private:
  bool Count() {
    if (++values_ > limits_.values) throw Excess{"has more than " + std::to_string(limits_.values) + " values"};
    return true;
  }
  bool Descend() {
    if (++depth_ > limits_.depth) throw Excess{"is nested more than " + std::to_string(limits_.depth) + " levels deep"};
    return Count();
  }
  bool Ascend() {
    --depth_;
    return true;
  }

  const JsonLimits& limits_;
  int depth_ = 0;
  int64_t values_ = 0;
  uint64_t outer_names_ = 0;
};

Json Parse(const std::string& text, const JsonLimits& limits) {
  Guard guard(limits);
  (void)Json::sax_parse(text, &guard);  // what is no JSON is told by the parser below
  Json json = Json::parse(text);
  if (!limits.repeats && json.is_object() && json.size() != guard.outer_names()) throw Excess{"has a name twice"};
  return json;
}

std::string Shortened(std::string text) {
  if (text.size() <= kExcerpt) return text;
  size_t cut = kExcerpt;
  while (cut > 0 && (static_cast<uint8_t>(text[cut]) & 0xC0U) == 0x80U) --cut;
  return text.substr(0, cut) + "...";
}

}  // namespace

Result<Json> ParseBoundedJson(const std::string& text, const JsonLimits& limits) {
  try {
    return Parse(text, limits);
  } catch (const Excess& excess) {
    return Error{excess.what, "", ""};
  } catch (const Json::exception& e) {
    return Error{"is not JSON: " + Shortened(e.what()), "", ""};
  }
}

std::string Excerpt(const Json& value) {
  if (value.is_structured()) return value.is_array() ? "a list" : "an object";
  return Shortened(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace plasa::trainer
