#include "common/sweep/normal_form.h"

#include <cmath>
#include <utility>

namespace plasa::sweep {

Value NormalForm(Value value) {
  if (value.Is<double>()) {
    const double number = value.As<double>();
    const bool whole = std::trunc(number) == number && std::abs(number) < 0x1p53;
    return whole ? Value(static_cast<int64_t>(number)) : value;
  }
  if (value.Is<Value::List>()) {
    for (Value& item : value.As<Value::List>()) item = NormalForm(std::move(item));
  } else if (value.Is<Value::Object>()) {
    for (auto& [key, item] : value.As<Value::Object>()) item = NormalForm(std::move(item));
  }
  return value;
}

}  // namespace plasa::sweep
