// The vocabulary of a tokenizer.json: which token has which id.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "trainer/data/bpe/json_reader.h"

namespace plasa::trainer {

// Tokens as they are written in the file (bytes in GPT-2's alphabet). No two have the same id.
class Vocabulary {
 public:
  // Reads model.vocab; `file` names the file in errors.
  static Result<Vocabulary> Read(const Json& vocab, const std::string& file);

  [[nodiscard]] std::optional<uint32_t> Find(const std::string& token) const {
    const auto it = id_of_token_.find(token);
    return it == id_of_token_.end() ? std::nullopt : std::optional(it->second);
  }
  [[nodiscard]] bool Uses(uint32_t id) const { return ids_.contains(id); }
  [[nodiscard]] uint64_t size() const { return id_of_token_.size(); }
  [[nodiscard]] uint32_t largest() const { return largest_; }
  [[nodiscard]] const std::unordered_map<std::string, uint32_t>& tokens() const { return id_of_token_; }

 private:
  std::unordered_map<std::string, uint32_t> id_of_token_;
  std::unordered_set<uint32_t> ids_;
  uint32_t largest_ = 0;
};

}  // namespace plasa::trainer
