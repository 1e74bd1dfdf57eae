#include "trainer/tokenize.h"

#include <istream>
#include <ostream>

#include "trainer/data/text_encoder.h"
#include "trainer/data/token_file.h"
#include "trainer/json_value.h"

namespace plasa::trainer {
namespace {

std::string IdsLine(int64_t id, const std::vector<uint32_t>& ids) {
  std::string line = "{\"id\":" + std::to_string(id) + ",\"ids\":[";
  for (size_t i = 0; i < ids.size(); ++i) line += (i == 0 ? "" : ",") + std::to_string(ids[i]);
  return line + "]}\n";
}

Result<std::string> TextOf(const std::string& line, int64_t number) {
  const std::string where = "standard input, line " + std::to_string(number + 1);
  auto value = ParseJson(line, where);
  if (!value) return value.error();
  if (!value->Is<std::string>())
    return Error{"is not a JSON string", where, "write each text as one JSON string a line"};
  return value->As<std::string>();
}

// Gives each line of `in` to `use`, with its number from 0.
template <class Use>
Outcome ForEachText(std::istream& in, const Use& use) {
  int64_t number = 0;
  for (std::string line; std::getline(in, line); ++number) {
    auto text = TextOf(line, number);
    if (!text) return text.error();
    use(number, *text);
  }
  return std::nullopt;
}

Outcome WriteIds(const TextEncoder& encoder, std::istream& in, std::ostream& out) {
  std::vector<uint32_t> ids;
  return ForEachText(in, [&](int64_t number, const std::string& text) {
    ids.clear();
    encoder.append(text, &ids);
    out << IdsLine(number, ids);
  });
}

Outcome WriteFile(const TextEncoder& encoder, std::istream& in, const std::string& to) {
  DocumentCollector documents(encoder);
  if (auto failure = ForEachText(in, [&](int64_t, const std::string& text) { documents.Add(text); })) return failure;
  return WriteLlmcFile(to, documents.Take());
}

}  // namespace

ExitCode Tokenize(const std::string& tokenizer, const std::string& to, std::istream& in, std::ostream& out,
                  std::ostream& err) {
  const auto say = [&err](const std::string& text) { err << "plasa-trainer tokenize: " << text << "\n"; };
  auto encoder = OpenTextEncoder(tokenizer);
  if (!encoder) {
    say(encoder.error().Text());
    return ExitCode::kUserError;
  }
  if (!to.empty() && !encoder->end_of_document)
    say(tokenizer + " has no added token <|endoftext|>: only the sidecar tells documents apart");
  const Outcome failure = to.empty() ? WriteIds(*encoder, in, out) : WriteFile(*encoder, in, to);
  if (!failure) return ExitCode::kSucceeded;
  say(failure->Text());
  return ExitCode::kData;
}

}  // namespace plasa::trainer
