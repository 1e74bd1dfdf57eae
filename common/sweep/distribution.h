// The kinds of parameter a sweep file can have: W&B's distributions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plasa::sweep {

// What values of a kind look like, quantisation aside.
enum class Shape {
  kConstant,
  kCategorical,
  kIntegers,
  kUniform,
  kLogUniform,
  kInverseLogUniform,
  kNormal,
  kLogNormal,
  kBeta
};

// One row of the table.
struct Distribution {
  std::string_view word;  // as `distribution:` has it
  std::string_view kind;  // as a space shows it
  Shape shape;
  bool quantized = false;  // rounded to multiples of q
  bool exponents = false;  // min and max are exponents of e, not values
  bool weighted = false;   // values with probabilities

  // Has min and max.
  [[nodiscard]] bool bounded() const { return shape == Shape::kIntegers || shape == Shape::kUniform || logarithmic(); }
  [[nodiscard]] bool logarithmic() const { return shape == Shape::kLogUniform || shape == Shape::kInverseLogUniform; }
  // Its values can be counted, so that a grid can hold them.
  [[nodiscard]] bool countable() const {
    return !weighted && (shape == Shape::kConstant || shape == Shape::kCategorical || shape == Shape::kIntegers ||
                         (shape == Shape::kUniform && quantized));
  }
  // The keys a parameter of this kind may have beside `distribution`.
  [[nodiscard]] std::vector<std::string> Fields() const;
};

// nullptr if there is none of that name.
[[nodiscard]] const Distribution* FindByWord(std::string_view word);
[[nodiscard]] const Distribution* FindByKind(std::string_view kind);
[[nodiscard]] std::vector<std::string> DistributionWords();

}  // namespace plasa::sweep
