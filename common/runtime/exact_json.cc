#include "common/runtime/exact_json.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <string>

#include "absl/strings/str_cat.h"

namespace plasa {
namespace {

namespace json = boost::json;

// What the parser finds, made a value. Its names are those that json::basic_parser calls.
class Builder {
 public:
  static constexpr size_t max_object_size = static_cast<size_t>(-1), max_array_size = static_cast<size_t>(-1),
                          max_key_size = static_cast<size_t>(-1), max_string_size = static_cast<size_t>(-1);

  bool on_document_begin(json::error_code&) {
    stack_.reset();
    return true;
  }
  bool on_document_end(json::error_code&) { return true; }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(size_t n, json::error_code&) {
    stack_.push_array(n);
    return true;
  }
  bool on_object_begin(json::error_code&) { return true; }
  bool on_object_end(size_t n, json::error_code&) {
    stack_.push_object(n);
    return true;
  }
  bool on_string_part(json::string_view s, size_t, json::error_code&) {
    stack_.push_chars(s);
    return true;
  }
  bool on_string(json::string_view s, size_t, json::error_code&) {
    stack_.push_string(s);
    return true;
  }
  bool on_key_part(json::string_view s, size_t, json::error_code&) {
    stack_.push_chars(s);
    return true;
  }
  bool on_key(json::string_view s, size_t, json::error_code&) {
    stack_.push_key(s);
    return true;
  }
  bool on_number_part(json::string_view s, json::error_code&) {
    number_.append(s.data(), s.size());
    return true;
  }
  bool on_int64(int64_t i, json::string_view, json::error_code&) {
    number_.clear();
    stack_.push_int64(i);
    return true;
  }
  bool on_uint64(uint64_t u, json::string_view, json::error_code&) {
    number_.clear();
    stack_.push_uint64(u);
    return true;
  }
  // Beyond the range of double what the parser made of it stays.
  bool on_double(double d, json::string_view s, json::error_code&) {
    number_.append(s.data(), s.size());
    std::from_chars(number_.data(), number_.data() + number_.size(), d);
    number_.clear();
    stack_.push_double(d);
    return true;
  }
  bool on_bool(bool b, json::error_code&) {
    stack_.push_bool(b);
    return true;
  }
  bool on_null(json::error_code&) {
    stack_.push_null();
    return true;
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

  json::value Take() { return stack_.release(); }

 private:
  json::value_stack stack_;
  std::string number_;  // the parts of the one that is being read
};

}  // namespace

absl::StatusOr<json::value> ParseExactly(absl::string_view text, size_t max_depth) {
  json::parse_options options;
  options.max_depth = max_depth;
  json::basic_parser<Builder> parser(options);
  json::error_code error;
  const size_t read = parser.write_some(/*more=*/false, text.data(), text.size(), error);
  if (!error && read < text.size()) error = json::error::extra_data;
  if (error) return absl::InvalidArgumentError(absl::StrCat("not JSON: ", error.message()));
  return parser.handler().Take();
}

}  // namespace plasa
