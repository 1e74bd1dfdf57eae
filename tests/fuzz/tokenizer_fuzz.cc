// Any text as a tokenizer.json, and what is taken then encodes.
#include "input_folder.h"
#include "trainer/data/bpe/hf_tokenizer.h"

namespace plasa::trainer {
namespace {

using fuzz::Require;

constexpr std::string_view kText =
    "It's 1862: <|endoftext|> the Congress'll meet,\n\n  caf\xC3\xA9 \xE2\x82\xAC 5 \xF0\x9F\x98\x80 aaaabbbbabab   "
    "\t12345 ";

void Encode(HfTokenizer& tokenizer) {
  std::vector<uint32_t> ids;
  tokenizer.Encode(kText, &ids);
  tokenizer.Encode("", &ids);
  for (const uint32_t id : ids) {
    Require(id <= tokenizer.largest_id(), "ids are those of the file");
    Require(id >= 65536 || id < tokenizer.token_bytes().size(), "it is known how much text a token is");
  }
  Require(tokenizer.token_bytes().size() <= 65536, "ids far apart cost no memory");
}

}  // namespace
}  // namespace plasa::trainer

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plasa::trainer;
  auto tokenizer = HfTokenizer::Parse(std::string(plasa::fuzz::AsText(data, size)), "input");
  if (tokenizer) {
    Encode(*tokenizer);
  } else {
    Require(tokenizer.error().Text().size() < 2000, "a refusal is a sentence");
  }
  return 0;
}
