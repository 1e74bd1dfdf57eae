// Tensor files whose header lies: a sentence that names what is wrong, never a crash, never memory the file does not
// have.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "temp_dir.h"
#include "trainer/safetensors.h"

namespace plasa::trainer {
namespace {

using ::testing::HasSubstr;

std::string WithHeader(const std::string& header, size_t data, uint64_t said) {
  std::string file(8, '\0');
  std::memcpy(file.data(), &said, 8);
  return file + header + std::string(data, 'x');
}

// The refusal of a file of these bytes; empty if it is taken.
std::string RefusalOf(const std::string& bytes) {
  const TempDir dir;
  const auto file = ReadTensors(dir.Write("t.safetensors", bytes).string());
  return file ? "" : file.error().Text();
}

std::string Refusal(const std::string& header, size_t data) {
  return RefusalOf(WithHeader(header, data, header.size()));
}

std::string Tensor(const std::string& shape, const std::string& offsets, const std::string& type = "U8") {
  return R"({"dtype":")" + type + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
}

TEST(HostileTensors, ASmallFileIsFine) {
  EXPECT_EQ(Refusal(R"({"a":)" + Tensor("[2,2]", "[0,4]") + R"(,"b":)" + Tensor("[]", "[4,8]", "F32") + "}", 8), "");
  EXPECT_EQ(Refusal("{}", 0), "");
}

TEST(HostileTensors, RefusesEveryCut) {
  const std::string header = R"({"a":)" + Tensor("[4]", "[0,4]") + "}";
  const std::string good = WithHeader(header, 4, header.size());
  for (size_t size = 0; size < good.size(); ++size) EXPECT_NE(RefusalOf(good.substr(0, size)), "") << size;
}

TEST(HostileTensors, RefusesAHeaderLongerThanTheFile) {
  for (const uint64_t said : {uint64_t{3}, uint64_t{99'999'999}, uint64_t{1} << 40, ~uint64_t{0}, ~uint64_t{0} - 7})
    EXPECT_THAT(RefusalOf(WithHeader("{}", 0, said)), HasSubstr("longer than the file")) << said;
}

TEST(HostileTensors, RefusesOffsetsThatOverlapLeaveGapsOrLeaveTheFile) {
  const auto two = [](const std::string& first, const std::string& second) {
    return R"({"a":)" + Tensor("[4]", first) + R"(,"b":)" + Tensor("[4]", second) + "}";
  };
  EXPECT_THAT(Refusal(two("[0,4]", "[2,6]"), 6), HasSubstr("overlaps"));
  EXPECT_THAT(Refusal(two("[0,4]", "[0,4]"), 4), HasSubstr("overlaps"));
  EXPECT_THAT(Refusal(two("[0,4]", "[6,10]"), 10), HasSubstr("gap"));
  EXPECT_THAT(Refusal(two("[0,4]", "[4,8]"), 9), HasSubstr("after the last"));
  EXPECT_THAT(Refusal(two("[0,4]", "[8,4]"), 8), HasSubstr("outside the file"));
  EXPECT_THAT(Refusal(two("[0,4]", "[4,8]"), 7), HasSubstr("outside the file"));
  EXPECT_THAT(Refusal(two("[0,4]", "[18446744073709551612,18446744073709551615]"), 8), HasSubstr("outside the file"));
}

TEST(HostileTensors, RefusesGiantAndImpossibleShapes) {
  const auto shaped = [](const std::string& shape, const std::string& type) {
    return Refusal(R"({"a":)" + Tensor(shape, "[0,0]", type) + "}", 0);
  };
  EXPECT_THAT(shaped("[9223372036854775807]", "U8"), HasSubstr("do not fit its shape"));
  EXPECT_THAT(shaped("[9223372036854775808]", "U8"), HasSubstr("too large"));
  EXPECT_THAT(shaped("[4294967296,4294967296]", "U8"), HasSubstr("too large"));
  EXPECT_THAT(shaped("[4611686018427387904]", "F64"), HasSubstr("too large"));
  EXPECT_THAT(shaped("[0,4294967296,4294967296]", "U8"), HasSubstr("too large"));
  EXPECT_EQ(shaped("[0,4294967296]", "U8"), "");
  EXPECT_THAT(shaped("[-1]", "U8"), HasSubstr("no whole number"));
  EXPECT_THAT(shaped("[1.5]", "U8"), HasSubstr("no whole number"));
  std::string many = "[0";
  for (int i = 0; i < 64; ++i) many += ",1";
  EXPECT_THAT(shaped(many + "]", "U8"), HasSubstr("dimensions"));
}

TEST(HostileTensors, RefusesEntriesOfAnotherForm) {
  for (const char* entry :
       {"null", "[]", "7", "{}", R"({"dtype":1,"shape":[],"data_offsets":[0,1]})",
        R"({"dtype":"U8","shape":{},"data_offsets":[0,1]})", R"({"dtype":"U8","shape":[],"data_offsets":[0]})"})
    EXPECT_THAT(Refusal(std::string(R"({"a":)") + entry + "}", 1), HasSubstr("lacks")) << entry;
  EXPECT_THAT(Refusal(R"({"a":)" + Tensor("[1]", "[0,1]", "F8") + "}", 1), HasSubstr("F8"));
  EXPECT_THAT(Refusal(R"({"a":)" + Tensor("[1]", "[0,1]") + R"(,"a":)" + Tensor("[1]", "[0,1]") + "}", 1),
              HasSubstr("twice"));
  EXPECT_THAT(Refusal(R"({"__metadata__":"x"})", 0), HasSubstr("__metadata__"));
  for (const char* header : {"", "[]", "null", "{", "\xFF\xFE", "{\"\xC3\":1}"}) EXPECT_NE(Refusal(header, 0), "");
}

TEST(HostileTensors, RefusesAbsurdNesting) {
  for (const std::string start : {"", R"({"a":)", R"({"__metadata__":{"a":)"}) {
    EXPECT_THAT(Refusal(start + std::string(200'000, '['), 0), HasSubstr("nested"));
  }
}

// A list of numbers takes many times the memory of its text.
TEST(HostileTensors, RefusesTooManyValues) {
  std::string header = R"({"a":[0)";
  for (int i = 0; i < 4'000'000; ++i) header += ",0";
  EXPECT_THAT(Refusal(header + "]}", 0), HasSubstr("4000000 values"));
}

// Each used to be compared with all before it: minutes.
TEST(HostileTensors, TakesManyNames) {
  std::string header = "{";
  for (int i = 0; i < 200'000; ++i)
    header += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":" + Tensor("[0]", "[0,0]");
  EXPECT_EQ(Refusal(header + "}", 0), "");
}

TEST(HostileTensors, ShortensAndQuotesWhatItNames) {
  const std::string name(1'000'000, 'n');
  EXPECT_LT(Refusal("{\"" + name + "\":0}", 0).size(), 300u);
  EXPECT_LT(Refusal(R"({"a":)" + Tensor("[1]", "[0,1]", name) + "}", 1).size(), 300u);
  EXPECT_LT(Refusal("\"" + name, 0).size(), 300u);
  EXPECT_THAT(Refusal(R"({"a\nb":0})", 0), HasSubstr(R"(a\nb)")) << "one line stays one line";
}

}  // namespace
}  // namespace plasa::trainer
