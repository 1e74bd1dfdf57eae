// The enumerated values of a configuration and the words they are written as.
#pragma once

#include <array>
#include <string_view>

namespace plasa {

enum class Mode { kStrict, kReferenceCuda, kReferenceCpu };
enum class Arch { kExp3, kPlasaBenchmark };
enum class TargetRule { kNext, kShifted };
enum class Thirds { kDocumented, kUpstream };
enum class Selector { kIndexer, kFrozen, kRandom, kRecent, kOracle, kBlock };
enum class KMode { kFixed, kEntropy, kLearned };
enum class PatBudget { kInside, kExtra };
enum class IndexerLoss { kOff, kDenseKl, kSparseKl, kBias };
enum class KlRows { kAll, kSparseOnly };
enum class Optimizer { kAdam, kAdamW };
enum class LrSchedule { kConstant, kCosine, kLinear };
enum class RefTies { kLowest, kNthElement };
enum class Precision { kF32, kF64, kBf16 };

// EnumWords(E{}): the words of E, indexed by its values.
constexpr std::array<std::string_view, 3> EnumWords(Mode) { return {"strict", "reference_cuda", "reference_cpu"}; }
constexpr std::array<std::string_view, 2> EnumWords(Arch) { return {"exp3", "plasa-benchmark"}; }
constexpr std::array<std::string_view, 2> EnumWords(TargetRule) { return {"next", "shifted"}; }
constexpr std::array<std::string_view, 2> EnumWords(Thirds) { return {"documented", "upstream"}; }
constexpr std::array<std::string_view, 6> EnumWords(Selector) {
  return {"indexer", "frozen", "random", "recent", "oracle", "block"};
}
constexpr std::array<std::string_view, 3> EnumWords(KMode) { return {"fixed", "entropy", "learned"}; }
constexpr std::array<std::string_view, 2> EnumWords(PatBudget) { return {"inside", "extra"}; }
constexpr std::array<std::string_view, 4> EnumWords(IndexerLoss) { return {"off", "dense_kl", "sparse_kl", "bias"}; }
constexpr std::array<std::string_view, 2> EnumWords(KlRows) { return {"all", "sparse_only"}; }
constexpr std::array<std::string_view, 2> EnumWords(Optimizer) { return {"adam", "adamw"}; }
constexpr std::array<std::string_view, 3> EnumWords(LrSchedule) { return {"constant", "cosine", "linear"}; }
constexpr std::array<std::string_view, 2> EnumWords(RefTies) { return {"lowest", "nth_element"}; }
constexpr std::array<std::string_view, 3> EnumWords(Precision) { return {"f32", "f64", "bf16"}; }

// Whether a selector goes by the scores of a lightning indexer, and whether that indexer learns.
constexpr bool UsesIndexer(Selector s) {
  return s == Selector::kIndexer || s == Selector::kFrozen || s == Selector::kBlock;
}
constexpr bool LearnsIndexer(Selector s) { return s == Selector::kIndexer || s == Selector::kBlock; }

template <class E>
[[nodiscard]] constexpr std::string_view EnumWord(E value) {
  return EnumWords(E{})[static_cast<size_t>(value)];
}

}  // namespace plasa
