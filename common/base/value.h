// A JSON-like value, so that rooms below the JSON libraries can hold parameters and hash them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace plasa {

// null, bool, integer, double, text, list or object. Objects are sorted by key, so equal values have equal text.
class Value {
 public:
  using List = std::vector<Value>;
  using Object = std::map<std::string, Value, std::less<>>;

  Value() = default;
  Value(bool b) : v_(b) {}                            // NOLINT: implicit by design, as for all below
  Value(int i) : v_(static_cast<int64_t>(i)) {}       // NOLINT
  Value(int64_t i) : v_(i) {}                         // NOLINT
  Value(uint64_t i) : v_(static_cast<int64_t>(i)) {}  // NOLINT
  Value(double d) : v_(d) {}                          // NOLINT
  Value(const char* s) : v_(std::string(s)) {}        // NOLINT
  Value(std::string s) : v_(std::move(s)) {}          // NOLINT
  Value(List l) : v_(std::move(l)) {}                 // NOLINT
  Value(Object o) : v_(std::move(o)) {}               // NOLINT

  template <class T>
  [[nodiscard]] bool Is() const {
    return std::holds_alternative<T>(v_);
  }
  template <class T>
  [[nodiscard]] const T& As() const {
    return std::get<T>(v_);
  }
  template <class T>
  [[nodiscard]] T& As() {
    return std::get<T>(v_);
  }
  [[nodiscard]] bool IsNull() const { return Is<std::monostate>(); }
  [[nodiscard]] bool IsNumber() const { return Is<int64_t>() || Is<double>(); }
  // Precondition: IsNumber().
  [[nodiscard]] double Number() const { return Is<int64_t>() ? static_cast<double>(As<int64_t>()) : As<double>(); }

  // Canonical JSON: sorted keys, no spaces, integral doubles as integers, shortest round-trip numbers, UTF-8 as it is;
  // non-finite numbers as the strings "NaN", "Infinity", "-Infinity".
  [[nodiscard]] std::string CanonicalJson() const;

  // By canonical text, so 1 == 1.0.
  friend bool operator==(const Value& a, const Value& b) { return a.CanonicalJson() == b.CanonicalJson(); }

 private:
  std::variant<std::monostate, bool, int64_t, double, std::string, List, Object> v_;
};

// `text` as a JSON string literal, quotes included; control characters escaped.
[[nodiscard]] std::string JsonQuote(const std::string& text);

}  // namespace plasa
