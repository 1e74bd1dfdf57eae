#include "trainer/history.h"

#include <algorithm>
#include <cmath>

#include "common/base/number_text.h"

namespace plasa::trainer {
namespace {

constexpr size_t kWarmUpSteps = 20;

// A number as Value writes it: non-finite ones are text.
std::optional<double> NumberOf(const Value& value) {
  if (value.IsNumber()) return value.Number();
  return value.Is<std::string>() ? ParseDouble(value.As<std::string>()) : std::nullopt;
}

bool IsCount(const std::optional<double>& number) {
  return number && *number >= 0 && *number <= 0x1p53 && std::trunc(*number) == *number;
}

// Member `key` as a list of numbers; false if it is something else.
bool ReadNumbers(const Value::Object& object, const char* key, std::vector<std::optional<double>>* out) {
  const auto it = object.find(key);
  if (it == object.end() || !it->second.Is<Value::List>()) return false;
  for (const Value& item : it->second.As<Value::List>()) {
    out->push_back(NumberOf(item));
    if (!out->back() && !item.IsNull()) return false;
  }
  return true;
}

bool ReadCurve(const Value::Object& object, std::vector<CurvePoint>* curve) {
  std::vector<std::optional<double>> steps, train, loss, accuracy;
  if (!ReadNumbers(object, "steps", &steps) || !ReadNumbers(object, "train_loss", &train) ||
      !ReadNumbers(object, "val_loss", &loss) || !ReadNumbers(object, "val_accuracy", &accuracy)) {
    return false;
  }
  if (train.size() != steps.size() || loss.size() != steps.size() || accuracy.size() != steps.size()) return false;
  for (size_t i = 0; i < steps.size(); ++i) {
    if (!IsCount(steps[i]) || !loss[i] || !accuracy[i]) return false;
    curve->push_back({static_cast<int64_t>(*steps[i]), train[i], *loss[i], *accuracy[i]});
  }
  return true;
}

}  // namespace

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

void History::AddStep(double train_loss, double ms) {
  train_loss_sum += train_loss;
  ++train_loss_count;
  last_train_loss = train_loss;
  step_ms.push_back(ms);
}

void History::AddEvaluation(int64_t step, double val_loss, double val_accuracy) {
  CurvePoint point{step, std::nullopt, val_loss, val_accuracy};
  if (train_loss_count > 0) point.train_loss = train_loss_sum / static_cast<double>(train_loss_count);
  curve.push_back(point);
  train_loss_sum = 0;
  train_loss_count = 0;
}

const CurvePoint* History::Best() const {
  const auto best = std::min_element(curve.begin(), curve.end(),
                                     [](const auto& a, const auto& b) { return a.val_loss < b.val_loss; });
  return best == curve.end() ? nullptr : &*best;
}

double History::MedianStepSeconds() const {
  const size_t skip = step_ms.size() > kWarmUpSteps ? kWarmUpSteps : 0;
  return Median(std::vector<double>(step_ms.begin() + static_cast<int64_t>(skip), step_ms.end())) / 1000.0;
}

Value History::Curves() const {
  Value::List steps, train, loss, accuracy;
  for (const CurvePoint& point : curve) {
    steps.emplace_back(point.step);
    point.train_loss ? train.emplace_back(*point.train_loss) : train.emplace_back();
    loss.emplace_back(point.val_loss);
    accuracy.emplace_back(point.val_accuracy);
  }
  return Value::Object{{"steps", std::move(steps)},
                       {"train_loss", std::move(train)},
                       {"val_loss", std::move(loss)},
                       {"val_accuracy", std::move(accuracy)}};
}

Value History::ToValue() const {
  return Value::Object{{"curves", Curves()},
                       {"train_loss_sum", train_loss_sum},
                       {"train_loss_count", train_loss_count},
                       {"last_train_loss", last_train_loss},
                       {"step_ms", Value::List(step_ms.begin(), step_ms.end())}};
}

Result<History> History::FromValue(const Value& value) {
  const Error bad{"is not the history of a run", "state.json: history", "resume from another checkpoint"};
  if (!value.Is<Value::Object>()) return bad;
  const auto& object = value.As<Value::Object>();
  const auto number = [&](const char* key) { return object.count(key) != 0 ? NumberOf(object.at(key)) : std::nullopt; };
  const auto sum = number("train_loss_sum"), count = number("train_loss_count"), last = number("last_train_loss");
  const auto curves = object.find("curves");
  std::vector<std::optional<double>> times;
  History history;
  if (!sum || !IsCount(count) || !last || curves == object.end() || !curves->second.Is<Value::Object>()) return bad;
  if (!ReadCurve(curves->second.As<Value::Object>(), &history.curve) || !ReadNumbers(object, "step_ms", &times))
    return bad;
  history.train_loss_sum = *sum;
  history.train_loss_count = static_cast<int64_t>(*count);
  history.last_train_loss = *last;
  for (const auto& time : times) history.step_ms.push_back(time.value_or(0));
  return history;
}

}  // namespace plasa::trainer
