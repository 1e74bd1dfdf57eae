// `plasa-trainer tokenize`: texts to token ids.
#pragma once

#include <iosfwd>
#include <string>

#include "trainer/exit_code.h"

namespace plasa::trainer {

// Reads one text a line, as a JSON string, and writes {"id":N,"ids":[...]} lines, N counted from 0; with `to`, writes a token file instead,
// a document a line, each closed by the tokenizer's end of document. `tokenizer` is "bytes"; others are refused by name.
[[nodiscard]] ExitCode Tokenize(const std::string& tokenizer, const std::string& to, std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace plasa::trainer
