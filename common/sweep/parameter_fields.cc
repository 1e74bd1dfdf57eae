#include "common/sweep/parameter_fields.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/base/number_text.h"
#include "common/sweep/normal_form.h"
#include "common/sweep/scalars.h"
#include "common/sweep/section.h"

namespace plasa::sweep {
namespace {

// Reads and checks the fields of one parameter.
class FieldReader {
 public:
  FieldReader(std::string name, const YamlNode& node) : name_(std::move(name)), node_(node) {}

  Parameter Read() {
    out_.distribution = Choose();
    const Distribution& d = *out_.distribution;
    Names known = d.Fields();
    known.emplace_back("distribution");
    const Section section(node_, name_, known);
    if (d.shape == Shape::kConstant) out_.fields["value"] = NormalForm(ToValue(Required("value")));
    if (d.shape == Shape::kCategorical) ReadCategories();
    if (d.bounded()) ReadBounds();
    if (d.shape == Shape::kNormal || d.shape == Shape::kLogNormal) ReadMoments();
    if (d.shape == Shape::kBeta) ReadShapes();
    if (d.quantized) ReadQuantum();
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool Has(std::string_view key) const { return node_.Find(key) != nullptr; }

  [[nodiscard]] const Distribution* Choose() const {
    if (Has("distribution")) return Named(*node_.Find("distribution"));
    if (Has("value") && Has("values")) Refuse(node_.mark, name_ + " has both value and values", "keep one of them");
    if (Has("value")) return FindByWord("constant");
    if (Has("values")) return FindByWord(Has("probabilities") ? "categorical_w_probabilities" : "categorical");
    if (Has("min") && Has("max")) return FindByWord(IsWholeRange() ? "int_uniform" : "uniform");
    RefuseIncomplete();
  }

  [[nodiscard]] const Distribution* Named(const YamlNode& word) const {
    const std::string named = ReadWord(word, name_ + ".distribution", DistributionWords());
    return FindByWord(named == "categorical" && Has("probabilities") ? "categorical_w_probabilities" : named);
  }

  [[nodiscard]] bool IsWholeRange() const {
    return node_.Find("min")->scalar.Is<int64_t>() && node_.Find("max")->scalar.Is<int64_t>();
  }

  [[noreturn]] void RefuseIncomplete() const {
    const Names all = {"value", "values", "probabilities", "min", "max", "distribution", "mu", "sigma", "q",
                       "a",     "b",      "parameters"};
    const Section known_keys(node_, name_, all);
    if (Has("mu") || Has("sigma")) Refuse(node_.mark, name_ + " has no distribution", "add distribution: normal");
    Refuse(node_.mark, name_ + " says neither value, values, min and max, nor a distribution",
           "for example " + name_ + ": {values: [1, 2]}");
  }

  [[nodiscard]] const YamlNode& Required(const char* field) const {
    const YamlNode* const node = node_.Find(field);
    if (node == nullptr) Refuse(node_.mark, name_ + " needs " + field);
    return *node;
  }

  double ReadField(const char* field) {
    const double number = ReadNumber(Required(field), Full(field));
    out_.fields[field] = Required(field).scalar;
    return number;
  }
  double ReadField(const char* field, double standard) {
    if (Has(field)) return ReadField(field);
    out_.fields[field] = standard;
    return standard;
  }
  [[nodiscard]] std::string Full(std::string_view field) const { return name_ + "." + std::string(field); }

  void ReadCategories() {
    const auto& items = ReadList(Required("values"), Full("values"));
    if (items.empty()) Refuse(Required("values").mark, name_ + ".values is empty", "list at least one value");
    out_.fields["values"] = ReadValues(items);
    if (out_.distribution->weighted) ReadProbabilities(items.size());
  }

  void ReadProbabilities(size_t count) {
    const YamlNode& node = Required("probabilities");
    double sum = 0;
    for (const YamlNode& item : ReadList(node, Full("probabilities"))) {
      const double p = ReadNumber(item, Full("probabilities"));
      if (p < 0) RefuseValue(item, Full("probabilities"), "numbers from 0 on");
      sum += p;
    }
    if (node.items.size() != count) {
      Refuse(node.mark, name_ + " has " + std::to_string(count) + " values but " + std::to_string(node.items.size()) +
                            " probabilities");
    }
    if (std::abs(sum - 1) > 1e-6)
      Refuse(node.mark, Full("probabilities") + " add up to " + NumberText(sum) + ", not 1");
    out_.fields["probabilities"] = ToValue(node);
  }

  void ReadBounds() {
    const double low = ReadField("min"), high = ReadField("max");
    if (low > high) Refuse(node_.mark, name_ + ": min " + NumberText(low) + " is above max " + NumberText(high));
    if (out_.distribution->shape == Shape::kIntegers) MakeWhole();
    if (out_.distribution->logarithmic()) CheckLogarithms(low, high);
  }

  void MakeWhole() {
    constexpr int64_t kExact = int64_t{1} << 53;
    for (const char* field : {"min", "max"})
      out_.fields[field] = ReadWhole(Required(field), Full(field), -kExact, kExact);
  }

  void CheckLogarithms(double low, double high) {
    if (!out_.distribution->exponents && low <= 0)
      RefuseValue(Required("min"), Full("min"), "above 0, it has a logarithm");
    const double largest = std::max(std::abs(low), std::abs(high));
    if (out_.distribution->exponents && largest > 700) {
      Refuse(node_.mark,
             name_ + ": min and max of " + std::string(out_.distribution->word) + " are exponents of e, and beyond 700",
             "log_uniform_values takes the values themselves");
    }
  }

  void ReadMoments() {
    ReadField("mu", 0);
    if (ReadField("sigma", 1) < 0) RefuseValue(Required("sigma"), Full("sigma"), "from 0 on");
  }

  void ReadShapes() {
    for (const char* field : {"a", "b"}) {
      if (ReadField(field, 1) <= 0) RefuseValue(Required(field), Full(field), "above 0");
    }
  }

  void ReadQuantum() {
    if (ReadField("q", 1) <= 0) RefuseValue(Required("q"), Full("q"), "above 0");
  }

  const std::string name_;
  const YamlNode& node_;
  Parameter out_;
};

// Whether every item is a bare boolean word, and both answers are among them.
bool AreOldBooleans(const std::vector<YamlNode>& items) {
  bool seen[2] = {false, false};
  for (const YamlNode& item : items) {
    const bool modern = item.kind == YamlNode::Kind::kScalar && item.scalar.Is<bool>();
    const int answer = modern ? (item.scalar.As<bool>() ? 1 : 0) : item.plain ? OldBoolean(item.text) : -1;
    if (answer < 0) return false;
    seen[answer] = true;
  }
  return seen[0] && seen[1];
}

}  // namespace

Parameter ReadParameter(const std::string& name, const YamlNode& node) { return FieldReader(name, node).Read(); }

Value::List ReadValues(const std::vector<YamlNode>& items) {
  Value::List values;
  const bool booleans = AreOldBooleans(items);
  for (const YamlNode& item : items) {
    const bool old = booleans && !item.scalar.Is<bool>();
    values.push_back(old ? Value(OldBoolean(item.text) == 1) : NormalForm(ToValue(item)));
  }
  return values;
}

}  // namespace plasa::sweep
