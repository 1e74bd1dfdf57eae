#include "trainer/data/bpe/components.h"

#include <algorithm>
#include <unordered_set>

namespace plasa::trainer {
namespace {

constexpr char kSupported[] = "ByteLevel and Digits are known here";

// How a component is called in errors: by its type if it has one.
std::string NameOf(const Json& component) {
  return Excerpt(component.is_object() && component.contains("type") ? component["type"] : component);
}

Result<PreTokenizerStep> ReadStep(const Json& component, const std::string& where) {
  PreTokenizerStep step;
  const Json& type = MemberOf(component, "type");
  if (type == "Digits") {
    step.kind = PreTokenizerStep::Kind::kDigits;
    if (auto error = ReadFlag(component, "individual_digits", where, &step.individual_digits)) return *error;
    return step;
  }
  if (type != "ByteLevel")
    return Error{"the pre-tokenizer " + NameOf(component) + " is not known here", where, kSupported};
  if (auto error = ReadFlag(component, "add_prefix_space", where, &step.add_prefix_space)) return *error;
  // Files from before the switch leave it out.
  if (MemberOf(component, "use_regex").is_null()) return step;
  if (auto error = ReadFlag(component, "use_regex", where, &step.use_regex)) return *error;
  return step;
}

// Appends the steps of `component`; a Sequence may hold Sequences, as deep as the file may be.
Outcome AppendSteps(const Json& component, const std::string& where, std::vector<PreTokenizerStep>* steps) {
  if (MemberOf(component, "type") != "Sequence") {
    auto step = ReadStep(component, where);
    if (!step) return step.error();
    steps->push_back(*step);
    return std::nullopt;
  }
  const Json& parts = MemberOf(component, "pretokenizers");
  if (!parts.is_array()) return Error{"a Sequence needs pretokenizers, a list", where, kSupported};
  for (size_t i = 0; i < parts.size(); ++i) {
    if (auto error = AppendSteps(parts[i], where + ".pretokenizers[" + std::to_string(i) + "]", steps)) return error;
  }
  return std::nullopt;
}

bool IsByteLevel(const PreTokenizerStep& step) { return step.kind == PreTokenizerStep::Kind::kByteLevel; }

Outcome ReadAddedToken(const Json& value, const std::string& where, AddedToken* token) {
  auto id = AsTokenId(MemberOf(value, "id"), where + ".id");
  if (!id) return id.error();
  token->id = *id;
  if (auto error = ReadText(value, "content", where, &token->content)) return error;
  const std::pair<const char*, bool*> flags[] = {{"single_word", &token->single_word},
                                                 {"lstrip", &token->lstrip},
                                                 {"rstrip", &token->rstrip},
                                                 {"normalized", &token->normalized}};
  for (const auto& [key, flag] : flags) {
    if (auto error = ReadFlag(value, key, where, flag)) return error;
  }
  return std::nullopt;
}

// Gives added tokens their ids, in the order of the file.
class IdGiver {
 public:
  explicit IdGiver(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

  Outcome Check(const AddedToken& token, const std::string& where) {
    if (!contents_.insert(token.content).second)
      return Error{Excerpt(token.content) + " is there twice", where, "remove one of them"};
    const auto known = vocabulary_.Find(token.content);
    const uint64_t expected = known ? *known : std::max<uint64_t>(next_, vocabulary_.size());
    next_ = std::max(next_, expected + 1);
    if (token.id != expected) {
      return Error{Excerpt(token.content) + " has the id " + std::to_string(token.id) +
                       ", but tokenizers would give it " + std::to_string(expected),
                   where,
                   known ? "take the id of model.vocab" : "number added tokens on from the vocabulary, without gaps"};
    }
    if (known || !vocabulary_.Uses(token.id)) return std::nullopt;
    return Error{Excerpt(token.content) + " has the id " + std::to_string(token.id) + " of a token in model.vocab",
                 where, "number the tokens of the vocabulary without gaps"};
  }

 private:
  const Vocabulary& vocabulary_;
  std::unordered_set<std::string> contents_;
  uint64_t next_ = 0;  // behind the largest id given
};

// A post-processor matters only if it adds tokens: ByteLevel moves offsets, which plasa does not keep.
Outcome RefusePostProcessor(const Json& component, const std::string& where) {
  const Json& type = MemberOf(component, "type");
  if (component.is_null() || type == "ByteLevel") return std::nullopt;
  const Json& parts = MemberOf(component, "processors");
  if (type != "Sequence" || !parts.is_array()) {
    return Error{"the post-processor " + NameOf(component) + " would add tokens", where,
                 "set it to null, or leave ByteLevel"};
  }
  for (size_t i = 0; i < parts.size(); ++i) {
    if (auto error = RefusePostProcessor(parts[i], where + ".processors[" + std::to_string(i) + "]")) return error;
  }
  return std::nullopt;
}

}  // namespace

Result<std::vector<PreTokenizerStep>> ReadPreTokenizers(const Json& section, const std::string& file) {
  const std::string where = file + ": pre_tokenizer";
  std::vector<PreTokenizerStep> steps;
  if (auto error = AppendSteps(section, where, &steps)) return *error;
  if (std::count_if(steps.begin(), steps.end(), IsByteLevel) == 1) return steps;
  return Error{"needs ByteLevel exactly once", where, "take a byte-level tokenizer"};
}

Result<std::vector<AddedToken>> ReadAddedTokens(const Json& section, const Vocabulary& vocabulary,
                                                const std::string& file) {
  const std::string where = file + ": added_tokens";
  std::vector<AddedToken> tokens;
  if (section.is_null()) return tokens;
  if (!section.is_array())
    return Error{"is " + Excerpt(section) + ", not a list", where, "leave it out if there are none"};
  IdGiver ids(vocabulary);
  for (size_t i = 0; i < section.size(); ++i) {
    const std::string here = where + "[" + std::to_string(i) + "]";
    AddedToken token;
    if (auto error = ReadAddedToken(section[i], here, &token)) return *error;
    if (token.content.empty()) continue;  // as tokenizers does
    if (auto error = ids.Check(token, here)) return *error;
    tokens.push_back(std::move(token));
  }
  return tokens;
}

Outcome RefuseOtherComponents(const Json& tokenizer, const std::string& file) {
  for (const char* key : {"normalizer", "truncation", "padding"}) {
    const Json& component = MemberOf(tokenizer, key);
    if (!component.is_null()) {
      return Error{std::string("the ") + key + " " + NameOf(component) + " is not known here", file + ": " + key,
                   "set it to null"};
    }
  }
  return RefusePostProcessor(MemberOf(tokenizer, "post_processor"), file + ": post_processor");
}

}  // namespace plasa::trainer
