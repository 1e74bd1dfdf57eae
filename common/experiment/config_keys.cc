#include <algorithm>
#include <cmath>
#include <type_traits>

#include "common/experiment/config_fields.h"

namespace plasa {
namespace {

std::string Joined(const auto& words) {
  std::string out;
  for (const auto& w : words) out += (out.empty() ? "" : ", ") + std::string(w);
  return out;
}

Outcome Wrong(const std::string& key, const std::string& expected, const Value& value) {
  return Error{"must be " + expected + ", not " + value.CanonicalJson(), key, ""};
}

// Read(value, out): whether `value` has the type of `out`.
bool Read(const Value& v, bool& out) {
  if (!v.Is<bool>()) return false;
  out = v.As<bool>();
  return true;
}

bool Read(const Value& v, int64_t& out) {
  if (!v.IsNumber()) return false;
  const double x = v.Number();
  if (std::floor(x) != x || std::fabs(x) > 0x1p53) return v.Is<int64_t>() ? (out = v.As<int64_t>(), true) : false;
  out = v.Is<int64_t>() ? v.As<int64_t>() : static_cast<int64_t>(x);
  return true;
}

bool Read(const Value& v, double& out) {
  if (!v.IsNumber() || !std::isfinite(v.Number())) return false;
  out = v.Number();
  return true;
}

bool Read(const Value& v, std::string& out) {
  if (!v.Is<std::string>()) return false;
  out = v.As<std::string>();
  return true;
}

bool Read(const Value& v, Value& out) {
  out = v;
  return true;
}

template <class T>
bool Read(const Value& v, std::vector<T>& out) {
  if (!v.Is<Value::List>()) return false;
  out.clear();
  for (const Value& item : v.As<Value::List>()) {
    T x{};
    if (!Read(item, x)) return false;
    out.push_back(x);
  }
  return true;
}

template <class T>
std::string TypeName() {
  if constexpr (std::is_same_v<T, bool>)
    return "true or false";
  else if constexpr (std::is_same_v<T, int64_t>)
    return "a whole number";
  else if constexpr (std::is_same_v<T, double>)
    return "a finite number";
  else if constexpr (std::is_same_v<T, std::string>)
    return "text";
  else if constexpr (std::is_same_v<T, std::vector<int64_t>>)
    return "a list of whole numbers";
  else
    return "a list of numbers";
}

template <class T>
Outcome Set(const std::string& key, const Value& value, T& out) {
  if constexpr (std::is_enum_v<T>) {
    constexpr auto words = EnumWords(T{});
    if (value.Is<std::string>()) {
      const auto it = std::find(words.begin(), words.end(), value.As<std::string>());
      if (it != words.end()) {
        out = static_cast<T>(it - words.begin());
        return std::nullopt;
      }
    }
    return Wrong(key, "one of " + Joined(words), value);
  } else {
    return Read(value, out) ? std::nullopt : Wrong(key, TypeName<T>(), value);
  }
}

int EditDistance(const std::string& a, const std::string& b) {
  std::vector<int> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    int diagonal = row[0]++;
    for (size_t j = 1; j <= b.size(); ++j) {
      const int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row.back();
}

template <class T>
Value ToValue(const T& x) {
  if constexpr (std::is_enum_v<T>)
    return Value(std::string(EnumWord(x)));
  else
    return Value(x);
}

template <class T>
Value ToValue(const std::vector<T>& x) {
  return Value(Value::List(x.begin(), x.end()));
}

}  // namespace

std::string Nearest(const std::string& word, const std::vector<std::string>& known) {
  std::string best;
  int distance = std::max<int>(2, static_cast<int>(word.size()) / 3) + 1;
  for (const std::string& k : known) {
    const int d = EditDistance(word, k);
    if (d < distance) {
      distance = d;
      best = k;
    }
  }
  return best;
}

Outcome SetKey(Config& config, const std::string& key, const Value& value) {
  Outcome outcome;
  bool found = false;
  VisitConfig(config, [&](const char* name, auto& field) {
    if (!found && key == name) {
      found = true;
      outcome = Set(key, value, field);
    }
  });
  if (found) return outcome;
  const std::string near = Nearest(key, ConfigKeys());
  return Error{"unknown key", key, near.empty() ? "docs/config.md lists all keys" : "did you mean " + near + "?"};
}

std::vector<std::string> ConfigKeys() {
  std::vector<std::string> keys;
  Config config;
  VisitConfig(config, [&](const char* name, auto&) { keys.emplace_back(name); });
  return keys;
}

Value ConfigValue(const Config& config) {
  Value::Object object;
  VisitConfig(config, [&](const char* name, const auto& field) { object[name] = ToValue(field); });
  return Value(std::move(object));
}

std::string CanonicalJson(const Config& config) { return ConfigValue(config).CanonicalJson(); }

}  // namespace plasa
