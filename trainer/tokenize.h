// `plasa-trainer tokenize`: texts to token ids.
#pragma once

#include <iosfwd>
#include <string>

#include "trainer/exit_code.h"

namespace plasa::trainer {

// Reads one text a line, as a JSON string, and writes {"id":N,"ids":[...]} lines, N counted from 0; with `to`, writes a
// token file instead, a document a line, each closed by the tokenizer's end of document if it has one. `tokenizer` is
// "bytes" or the path of a tokenizer.json; one that cannot be used exactly is refused (kUserError), as are bad lines
// and files that cannot be written (kData).
[[nodiscard]] ExitCode Tokenize(const std::string& tokenizer, const std::string& to, std::istream& in,
                                std::ostream& out, std::ostream& err);

}  // namespace plasa::trainer
