#include "trainer/tokenize.h"

#include <istream>
#include <ostream>

#include "trainer/data/byte_tokenizer.h"
#include "trainer/data/token_file.h"
#include "trainer/json_value.h"

namespace plasa::trainer {
namespace {

std::string IdsLine(int64_t id, const std::string& text) {
  Value::List ids;
  for (const char c : text) ids.emplace_back(static_cast<int>(static_cast<uint8_t>(c)));
  return Value(Value::Object{{"id", id}, {"ids", std::move(ids)}}).CanonicalJson();
}

Result<std::string> TextOf(const std::string& line, int64_t number) {
  const std::string where = "standard input, line " + std::to_string(number + 1);
  auto value = ParseJson(line, where);
  if (!value) return value.error();
  if (!value->Is<std::string>()) return Error{"is not a JSON string", where, "write each text as one JSON string a line"};
  return value->As<std::string>();
}

}  // namespace

ExitCode Tokenize(const std::string& tokenizer, const std::string& to, std::istream& in, std::ostream& out, std::ostream& err) {
  const auto refuse = [&err](const Error& error, ExitCode code) {
    err << "plasa-trainer tokenize: " << error.Text() << "\n";
    return code;
  };
  if (tokenizer != "bytes") {
    return refuse({"this build knows only the tokenizer bytes", tokenizer, "give --tokenizer bytes"}, ExitCode::kUserError);
  }
  ByteTokenizer documents;
  int64_t number = 0;
  for (std::string line; std::getline(in, line); ++number) {
    auto text = TextOf(line, number);
    if (!text) return refuse(text.error(), ExitCode::kData);
    to.empty() ? void(out << IdsLine(number, *text) << "\n") : documents.Add(*text);
  }
  if (to.empty()) return ExitCode::kSucceeded;
  if (auto failure = WriteLlmcFile(to, documents.Take())) return refuse(*failure, ExitCode::kData);
  return ExitCode::kSucceeded;
}

}  // namespace plasa::trainer
