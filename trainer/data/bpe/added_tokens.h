// The added tokens of a tokenizer: texts that become one id before anything else looks at them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace plasa::trainer {

struct AddedToken {
  uint32_t id = 0;
  std::string content;
  bool single_word = false;  // only where no word character touches it
  bool lstrip = false;       // takes the white space before it
  bool rstrip = false;       // takes the white space behind it
  bool normalized = false;   // looked for only where the others left text
};

// Finds added tokens as tokenizers does: from the left, the longest at each place. Immutable.
class AddedTokens {
 public:
  // A stretch of text: an added token, or text between them.
  struct Piece {
    std::optional<uint32_t> id;
    std::string_view text;
  };
  using Emit = std::function<void(const Piece&)>;

  AddedTokens() = default;
  explicit AddedTokens(const std::vector<AddedToken>& tokens);

  // Cuts `text`, which is UTF-8, and gives the pieces in order. No piece of text is empty.
  void Cut(std::string_view text, const Emit& emit) const;

 private:
  // Tokens in a tree of their bytes.
  class Matcher {
   public:
    void Add(const AddedToken& token);
    void Cut(std::string_view text, const Emit& emit) const;

   private:
    struct Match {
      const AddedToken* token = nullptr;
      size_t size = 0;
    };
    [[nodiscard]] Match LongestAt(std::string_view text, size_t at) const;

    std::vector<AddedToken> tokens_;
    std::vector<int64_t> token_of_node_ = {-1};
    std::unordered_map<uint64_t, uint64_t> child_;  // node * 256 + byte -> node
    std::vector<bool> starts_ = std::vector<bool>(256);
  };

  Matcher verbatim_;
  Matcher normalized_;
};

}  // namespace plasa::trainer
