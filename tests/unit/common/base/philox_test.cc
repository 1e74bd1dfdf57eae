#include "common/base/philox.h"

#include <gtest/gtest.h>

#include "common/base/fnv.h"
#include "common/base/philox_blocks.h"

namespace plasa {
namespace {

using Block = std::array<uint32_t, 4>;

TEST(Philox, KnownAnswers) {
  EXPECT_EQ(Philox4x32({0, 0, 0, 0}, {0, 0}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(Philox4x32({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}), (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(Philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, DerivedWords) {
  EXPECT_EQ(Fnv1a32("embed.weight"), 3223481952u);
  const uint32_t w = Word(42, Purpose::kInit, Fnv1a32("embed.weight"), 0, 0);
  EXPECT_EQ(w, 601882004u);
  EXPECT_EQ(Uniform(w), 0.14013653993606567);
  EXPECT_EQ(Normal(w), -1.079705937584658);
  EXPECT_EQ(Word(1000, Purpose::kDropResidualFeedForward, 2, 1, 34359738373), 3627567334u);
  EXPECT_EQ(Word(1099511627783, Purpose::kOrder, 1, 0, 6), 2865029926u);
}

TEST(Philox, NormalValuesAreBitExact) {
  EXPECT_EQ(Normal(0), -0x1.95a1198fcf3d4p+2);
  EXPECT_EQ(Normal(322122547), -0x1.7085226b1fc71p+0);
  EXPECT_EQ(Normal(0xFFFFFFFF), 0x1.95a1198fcf3d4p+2);
  EXPECT_EQ(DeterministicLn(0.70710678118654757), -0x1.62e42fefa39eep-2);
}

TEST(Philox, BulkWordsEqualSingleWords) {
  const Stream stream{7, Purpose::kDropAttention, 3, 2};
  for (const uint64_t first : {0ull, 1ull, 126ull, (1ull << 34) - 5}) {
    std::vector<uint32_t> words(517);
    Words(stream, first, words.size(), words.data());
    for (size_t i = 0; i < words.size(); ++i) ASSERT_EQ(words[i], Word(stream, first + i)) << first << "+" << i;
  }
}

TEST(Philox, EveryInstructionSetGivesTheSameBlocks) {
  for (const PhiloxBlocksFunction blocks : AllPhiloxBlocks()) {
    for (const uint64_t first : {0ull, 0xFFFFFFF8ull, (1ull << 48) - 20}) {
      std::array<uint32_t, 4 * kPhiloxBlocks> words;
      std::array<uint64_t, kPhiloxBlocks> numbers;
      for (size_t i = 0; i < kPhiloxBlocks; ++i) numbers[i] = first - first / 3 + i;
      blocks({first / 3, numbers.data(), 0xABCDu << 16, 9, 3}, {0x12345678, 0x9ABCDEF0}, words.data());
      for (size_t i = 0; i < words.size(); ++i) {
        const uint64_t block = first + i / 4;
        const Block expected =
            Philox4x32({static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32) | 0xABCDu << 16, 9, 3},
                       {0x12345678, 0x9ABCDEF0});
        ASSERT_EQ(words[i], expected[i % 4]) << first << "+" << i;
      }
    }
  }
}

TEST(Philox, KeepMaskAtPicksElementsOfKeepMask) {
  const Stream stream{3, Purpose::kDropAttention, 7, 2};
  constexpr uint64_t kFirst = (1ull << 33) + 5;
  std::vector<double> whole(1000);
  KeepMask(stream, kFirst, whole.size(), DropThreshold(0.5), 2.0, whole.data());
  std::vector<int32_t> offsets;
  for (int32_t i = 0; i < 1000; i += 1 + i % 7) offsets.push_back(i);
  std::vector<double> some(offsets.size());
  KeepMaskAt(stream, kFirst, offsets.data(), some.size(), DropThreshold(0.5), 2.0, some.data());
  for (size_t i = 0; i < some.size(); ++i) ASSERT_EQ(some[i], whole[static_cast<size_t>(offsets[i])]) << offsets[i];
}

TEST(Philox, KeepMaskDropsBelowTheThreshold) {
  const Stream stream{1000, Purpose::kDropAttention, 7, 2};
  std::vector<float> mask(4096);
  KeepMask(stream, 0, mask.size(), DropThreshold(0.25), 2.0f, mask.data());
  for (size_t i = 0; i < mask.size(); ++i) ASSERT_EQ(mask[i] == 0, Uniform(Word(stream, i)) < 0.25) << i;
}

}  // namespace
}  // namespace plasa
