// Files that are no tokenizer, or one that would give other ids: a sentence that names what is wrong, never a crash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "temp_dir.h"
#include "trainer/data/bpe/hf_tokenizer.h"

namespace plasa::trainer {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

json ByteLevel() {
  return {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", true}};
}

// Enough of a tokenizer: it knows a, b, ab.
json Small() {
  json model = json::parse(R"({"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":[["a","b"]]})");
  return {{"pre_tokenizer", ByteLevel()}, {"model", std::move(model)}};
}

json Added(uint32_t id, const std::string& content) {
  return {{"id", id},        {"content", content},  {"single_word", false}, {"lstrip", false},
          {"rstrip", false}, {"normalized", false}, {"special", true}};
}

// The refusal of a file of this text; empty if it is taken.
std::string RefusalOfText(const std::string& text) {
  const TempDir dir;
  const auto tokenizer = HfTokenizer::Open(dir.Write("tokenizer.json", text));
  return tokenizer ? "" : tokenizer.error().Text();
}

// The refusal of Small() with `value` at `pointer`.
std::string RefusalWith(const std::string& pointer, const json& value) {
  json file = Small();
  file[json::json_pointer(pointer)] = value;
  return RefusalOfText(file.dump());
}

TEST(HostileTokenizer, TheSmallFileIsFine) {
  EXPECT_EQ(RefusalOfText(Small().dump()), "");
  const TempDir dir;
  auto tokenizer = HfTokenizer::Open(dir.Write("tokenizer.json", Small().dump()));
  std::vector<uint32_t> ids;
  tokenizer->Encode("abzba", &ids);
  EXPECT_EQ(ids, (std::vector<uint32_t>{2, 1, 0})) << "bytes the vocabulary lacks are lost, as in tokenizers";
}

TEST(HostileTokenizer, RefusesWhatIsNoTokenizer) {
  EXPECT_NE(RefusalOfText(""), "");
  EXPECT_NE(RefusalOfText("{\"model\":"), "");
  EXPECT_NE(RefusalOfText("\xFF\xFE"), "");
  EXPECT_NE(RefusalOfText("{\"model\":{\"vocab\":{\"\xC3\":1}}}"), "");
  for (const char* text : {"null", "[]", "7", "\"model\"", "{}", "{\"model\":[]}"})
    EXPECT_THAT(RefusalOfText(text), HasSubstr("model")) << text;
  EXPECT_FALSE(HfTokenizer::Open("/no/such/tokenizer.json"));
  EXPECT_FALSE(HfTokenizer::Open("/"));
}

TEST(HostileTokenizer, RefusesAbsurdNesting) {
  for (const char* open : {"[", "{\"a\":"}) {
    std::string text;
    for (int i = 0; i < 200'000; ++i) text += open;
    EXPECT_THAT(RefusalOfText(text), HasSubstr("nested"));
  }
}

TEST(HostileTokenizer, RefusesTooManyValues) {
  std::string text = "[0";
  for (int i = 0; i < 8'000'000; ++i) text += ",0";
  EXPECT_THAT(RefusalOfText(text + "]"), HasSubstr("8000000 values"));
}

// Each used to be looked at again whenever one ended: hours.
TEST(HostileTokenizer, RefusesManySmallLists) {
  std::string text = "{\"model\":[[]";
  for (int i = 0; i < 1'000'000; ++i) text += ",[]";
  EXPECT_THAT(RefusalOfText(text + "]}"), HasSubstr("model"));
}

TEST(HostileTokenizer, ShortensWhatItQuotes) {
  const std::string text(1'000'000, 'x');
  EXPECT_LT(RefusalOfText("\"" + text).size(), 500u);
  EXPECT_LT(RefusalWith("/model/type", text).size(), 500u);
}

TEST(HostileTokenizer, RefusesBadVocabularies) {
  EXPECT_THAT(RefusalWith("/model/vocab", json::array()), HasSubstr("model.vocab"));
  EXPECT_THAT(RefusalWith("/model/vocab", json::object()), HasSubstr("model.vocab"));
  EXPECT_THAT(RefusalWith("/model/vocab/b", 0), AllOf(HasSubstr("model.vocab"), HasSubstr("id 0")));
  for (const json& id : {json(-1), json(4294967296), json(1.5), json("1"), json(nullptr), json(true), json(1e300)}) {
    EXPECT_THAT(RefusalWith("/model/vocab/b", id), HasSubstr("not a token id")) << id;
  }
  EXPECT_EQ(RefusalWith("/model/vocab/b", 4294967295), "");
}

TEST(HostileTokenizer, RefusesBadMerges) {
  EXPECT_THAT(RefusalWith("/model/merges", nullptr), HasSubstr("model.merges"));
  EXPECT_THAT(RefusalWith("/model/merges/0", json({"a", "x"})), AllOf(HasSubstr("merges[0]"), HasSubstr("\"x\"")));
  EXPECT_THAT(RefusalWith("/model/merges/0", json({"b", "a"})), HasSubstr("\"ba\""));
  for (const json& merge :
       {json({"a"}), json({"a", "b", "a"}), json({"a", 1}), json(7), json("ab"), json("a b a"), json::object()}) {
    EXPECT_THAT(RefusalWith("/model/merges/0", merge), HasSubstr("merges[0]")) << merge;
  }
  EXPECT_THAT(RefusalWith("/model/merges", {"a b", {"a", "b"}}), HasSubstr("merges[1]"))
      << "both spellings in one list";
}

TEST(HostileTokenizer, RefusesOtherModelsByName) {
  EXPECT_THAT(RefusalWith("/model/type", "WordPiece"), HasSubstr("WordPiece"));
  EXPECT_THAT(RefusalWith("/model/type", 3), HasSubstr("model"));
  EXPECT_THAT(RefusalWith("/model/dropout", 0.1), HasSubstr("dropout"));
  EXPECT_THAT(RefusalWith("/model/continuing_subword_prefix", "##"), HasSubstr("continuing_subword_prefix"));
  EXPECT_THAT(RefusalWith("/model/end_of_word_suffix", "</w>"), HasSubstr("end_of_word_suffix"));
  EXPECT_THAT(RefusalWith("/model/unk_token", "a"), HasSubstr("unk_token"));
  EXPECT_THAT(RefusalWith("/model/byte_fallback", true), HasSubstr("byte_fallback"));
  EXPECT_THAT(RefusalWith("/model/ignore_merges", "yes"), HasSubstr("ignore_merges"));
  EXPECT_EQ(RefusalWith("/model/dropout", 0.0), "");
  EXPECT_EQ(RefusalWith("/model/end_of_word_suffix", ""), "");
}

TEST(HostileTokenizer, RefusesOtherComponentsByName) {
  EXPECT_THAT(RefusalWith("/normalizer", {{"type", "NFC"}}), HasSubstr("NFC"));
  EXPECT_THAT(RefusalWith("/truncation", {{"max_length", 4}}), HasSubstr("truncation"));
  EXPECT_THAT(RefusalWith("/padding", {{"strategy", "BatchLongest"}}), HasSubstr("padding"));
  EXPECT_THAT(RefusalWith("/post_processor", {{"type", "TemplateProcessing"}}), HasSubstr("TemplateProcessing"));
  EXPECT_THAT(RefusalWith("/post_processor",
                          {{"type", "Sequence"}, {"processors", {ByteLevel(), {{"type", "RobertaProcessing"}}}}}),
              HasSubstr("RobertaProcessing"));
  EXPECT_EQ(RefusalWith("/post_processor", ByteLevel()), "");
  EXPECT_EQ(RefusalWith("/decoder", {{"type", "WordPiece"}}), "") << "decoders make no ids";
  EXPECT_THAT(RefusalWith("/pre_tokenizer", {{"type", "Metaspace"}}), HasSubstr("Metaspace"));
  EXPECT_THAT(RefusalWith("/pre_tokenizer", nullptr), HasSubstr("pre_tokenizer"));
  EXPECT_THAT(RefusalWith("/pre_tokenizer", {{"type", "Digits"}, {"individual_digits", true}}), HasSubstr("ByteLevel"));
  EXPECT_THAT(
      RefusalWith("/pre_tokenizer", {{"type", "Sequence"}, {"pretokenizers", {{{"type", "Split"}}, ByteLevel()}}}),
      HasSubstr("Split"));
  EXPECT_THAT(RefusalWith("/pre_tokenizer", {{"type", "Sequence"}, {"pretokenizers", {ByteLevel(), ByteLevel()}}}),
              HasSubstr("exactly once"));
  EXPECT_THAT(RefusalWith("/pre_tokenizer/add_prefix_space", 1), HasSubstr("add_prefix_space"));
}

TEST(HostileTokenizer, RefusesBadAddedTokens) {
  EXPECT_EQ(RefusalWith("/added_tokens", json::array({Added(3, "<x>"), Added(0, "a"), Added(4, "<y>")})), "");
  EXPECT_THAT(RefusalWith("/added_tokens", 5), HasSubstr("added_tokens"));
  EXPECT_THAT(RefusalWith("/added_tokens", json::array({nullptr})), HasSubstr("added_tokens[0]"));
  EXPECT_THAT(RefusalWith("/added_tokens", json::array({Added(9, "<x>")})), HasSubstr("would give it 3"));
  EXPECT_THAT(RefusalWith("/added_tokens", json::array({Added(1, "a")})), HasSubstr("would give it 0"));
  EXPECT_THAT(RefusalWith("/added_tokens", json::array({Added(3, "<x>"), Added(3, "<x>")})), HasSubstr("twice"));
  EXPECT_THAT(RefusalWith("/added_tokens", json::array({Added(3, "<x>"), Added(3, "<y>")})),
              HasSubstr("would give it 4"));
  json token = Added(3, "<x>");
  token["lstrip"] = "left";
  EXPECT_THAT(RefusalWith("/added_tokens", json::array({token})), HasSubstr("lstrip"));
  json sparse = Small();
  sparse["model"]["vocab"]["b"] = 3;
  sparse["added_tokens"] = json::array({Added(3, "<x>")});
  EXPECT_THAT(RefusalOfText(sparse.dump()), HasSubstr("of a token in model.vocab"));
}

// Every way to cut a good file short, and every byte of it changed, is refused or taken: nothing else.
TEST(HostileTokenizer, SurvivesDamage) {
  json file = Small();
  file["added_tokens"] = json::array({Added(3, "<x>")});
  const std::string good = file.dump();
  for (size_t i = 0; i < good.size(); ++i) {
    EXPECT_NE(RefusalOfText(good.substr(0, i)), "");
    std::string damaged = good;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 8)));
    (void)RefusalOfText(damaged);
  }
}

}  // namespace
}  // namespace plasa::trainer
