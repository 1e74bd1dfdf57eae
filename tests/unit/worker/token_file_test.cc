#include "worker/token_file.h"

#include <gtest/gtest.h>

#include "text_files.h"

namespace plasa::worker {
namespace {

TEST(TokenFile, IsOneLineWhateverItsEnd) {
  TempDir temp;
  for (const char* text : {"abc-_9", "abc-_9\n", "abc-_9\r\n", " abc-_9 \nmore\n"}) {
    WriteText(temp / "token", text);
    const auto token = ReadToken(temp / "token");
    ASSERT_TRUE(token.ok()) << text << token.status();
    EXPECT_EQ(*token, "abc-_9");
  }
}

// gRPC ends a process that puts anything else into a header.
TEST(TokenFile, WhatIsNoTokenIsRefusedByName) {
  TempDir temp;
  for (const char* text : {"", "\n", "two words\n", "caf\xC3\xA9\n", "a\x01z"}) {
    WriteText(temp / "token", text);
    const auto token = ReadToken(temp / "token");
    EXPECT_TRUE(absl::IsPermissionDenied(token.status())) << text;
    EXPECT_NE(token.status().message().find(temp / "token"), absl::string_view::npos);
  }
  EXPECT_FALSE(ReadToken(temp / "missing").ok());
}

}  // namespace
}  // namespace plasa::worker
