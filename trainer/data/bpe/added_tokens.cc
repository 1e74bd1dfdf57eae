#include "trainer/data/bpe/added_tokens.h"

#include <algorithm>

#include "trainer/data/bpe/unicode_class.h"

namespace plasa::trainer {
namespace {

bool TouchesWord(std::string_view text, size_t start, size_t stop) {
  size_t before = start, behind = stop;
  return (start > 0 && IsWordCharacter(PreviousCode(text, &before))) ||
         (stop < text.size() && IsWordCharacter(NextCode(text, &behind)));
}

size_t WithoutSpaceBefore(std::string_view text, size_t start) {
  for (size_t at = start; at > 0 && IsWhiteSpace(PreviousCode(text, &at));) start = at;
  return start;
}

size_t WithoutSpaceBehind(std::string_view text, size_t stop) {
  for (size_t at = stop; at < text.size() && IsWhiteSpace(NextCode(text, &at));) stop = at;
  return stop;
}

}  // namespace

void AddedTokens::Matcher::Add(const AddedToken& token) {
  uint64_t node = 0;
  for (const char c : token.content) {
    const uint64_t key = node * 256 + static_cast<uint8_t>(c);
    const auto [child, fresh] = child_.try_emplace(key, token_of_node_.size());
    if (fresh) token_of_node_.push_back(-1);
    node = child->second;
  }
  token_of_node_[node] = static_cast<int64_t>(tokens_.size());
  starts_[static_cast<uint8_t>(token.content.front())] = true;
  tokens_.push_back(token);
}

AddedTokens::Matcher::Match AddedTokens::Matcher::LongestAt(std::string_view text, size_t at) const {
  Match longest;
  if (!starts_[static_cast<uint8_t>(text[at])]) return longest;
  uint64_t node = 0;
  for (size_t i = at; i < text.size(); ++i) {
    const auto child = child_.find(node * 256 + static_cast<uint8_t>(text[i]));
    if (child == child_.end()) break;
    node = child->second;
    if (token_of_node_[node] >= 0) longest = {&tokens_[static_cast<size_t>(token_of_node_[node])], i + 1 - at};
  }
  return longest;
}

void AddedTokens::Matcher::Cut(std::string_view text, const Emit& emit) const {
  size_t taken = 0;  // may lie behind the next match: white space that rstrip took can start another token
  for (size_t at = 0; at < text.size();) {
    const Match match = LongestAt(text, at);
    size_t start = at, stop = at + match.size;
    at = match.token == nullptr ? at + 1 : stop;
    if (match.token == nullptr || (match.token->single_word && TouchesWord(text, start, stop))) continue;
    if (match.token->lstrip) start = std::max(WithoutSpaceBefore(text, start), taken);
    if (match.token->rstrip) stop = WithoutSpaceBehind(text, stop);
    if (taken < start) emit({std::nullopt, text.substr(taken, start - taken)});
    emit({match.token->id, {}});
    taken = stop;
  }
  if (taken < text.size()) emit({std::nullopt, text.substr(taken)});
}

AddedTokens::AddedTokens(const std::vector<AddedToken>& tokens) {
  for (const AddedToken& token : tokens) (token.normalized ? normalized_ : verbatim_).Add(token);
}

void AddedTokens::Cut(std::string_view text, const Emit& emit) const {
  verbatim_.Cut(text, [&](const Piece& piece) { piece.id ? emit(piece) : normalized_.Cut(piece.text, emit); });
}

}  // namespace plasa::trainer
