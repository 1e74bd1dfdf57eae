#include "trainer/options.h"

#include <algorithm>

namespace plasa::trainer {

Result<Options> ParseOptions(const std::vector<std::string>& words, const std::vector<std::string>& known) {
  Options options;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word.size() < 2 || word[0] != '-') {
      options.plain.push_back(word);
      continue;
    }
    const size_t equals = std::min(word.find('='), word.size());
    const size_t start = std::min(word.find_first_not_of('-'), equals);
    const std::string name = word.substr(start, equals - start);
    if (std::find(known.begin(), known.end(), name) == known.end())
      return Error{"unknown option " + word, "", "see plasa-trainer --help"};
    if (equals == word.size() && i + 1 == words.size())
      return Error{"option " + word + " needs a value", "", "see plasa-trainer --help"};
    options.named[name] = equals < word.size() ? word.substr(equals + 1) : words[++i];
  }
  return options;
}

}  // namespace plasa::trainer
