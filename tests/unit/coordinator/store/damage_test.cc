// Damaged database files: whatever happened to the bytes, opening and reading end, and either nothing acknowledged is
// lost outside of blocks that say so, or there is a sentence that names the way back.
//
// PLASA_DAMAGED_COPIES sets how many copies are damaged (500).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/runtime/durable_file.h"
#include "coordinator/store/credentials.h"
#include "coordinator/store/effects_writer.h"
#include "coordinator/store/identity.h"
#include "from_environment.h"
#include "random_line.h"
#include "script_runner.h"
#include "store_content.h"
#include "temp_store.h"

namespace plasa::store {
namespace {

namespace fs = std::filesystem;
using coordinator::Effects;
using coordinator::ScriptRunner;
using ::testing::HasSubstr;

constexpr size_t kPage = 4096;

// One database of a coordinator that was killed: everything in plasa.db, or with its last commits in the -wal.
class Damage : public testing::Test {
 protected:
  Damage() {
    Queries queries(temp_.Open());
    EXPECT_TRUE(BeginEpoch(queries.connection()).ok());
    EXPECT_TRUE(queries.connection().Execute("PRAGMA wal_autocheckpoint=0").ok());
    EXPECT_TRUE(PutCredential(queries, {"aa", "admin", "one", 1, 0}).ok());
    ScriptRunner runner;
    Written written;
    runner.on_effects = [&](const Effects& fx) {
      EXPECT_TRUE(queries.connection().Execute("BEGIN IMMEDIATE").ok());
      EXPECT_TRUE(ApplyWrites(fx.writes, queries, &written).ok());
      EXPECT_TRUE(queries.connection().Execute("COMMIT").ok());
      if (in_wal_) stages_.insert(*ReadContent(queries));
    };
    Fill(runner, queries, &written);
    EXPECT_TRUE(queries.connection().Execute("PRAGMA wal_checkpoint(TRUNCATE)").ok());
    database_ = *ReadWholeFile(DatabasePath(temp_.dir()));
    content_ = *ReadContent(queries);
    RememberBlobs(queries);
    in_wal_ = true;
    stages_.insert(content_);
    for (int i = 0; i < 100 && stages_.size() < 8; ++i)
      static_cast<void>(runner.Run(coordinator::RandomLine(runner.core(), random_)));
    wal_ = *ReadWholeFile(DatabasePath(temp_.dir()) + "-wal");
    EXPECT_GT(wal_.size(), 4 * kPage);
    EXPECT_GT(stages_.size(), 3u);
  }

  // Trials in every state, a large sweep whose text needs pages of its own, and curves.
  void Fill(ScriptRunner& runner, Queries& queries, Written* written) {
    std::string many = "submit large x=1";
    for (int i = 2; i <= 60; ++i) absl::StrAppend(&many, ",", i);
    static_cast<void>(runner.Run(many));
    for (int i = 0; i < 250; ++i) static_cast<void>(runner.Run(coordinator::RandomLine(runner.core(), random_)));
    static_cast<void>(runner.Run("worker a slots=2 trainers=steps"));
    for (const auto& [token, attempt] : runner.core().state().attempts) {
      coordinator::AppendEvents append{token, attempt.trial, {}};
      for (int64_t step = 1000; step < 1600; ++step) {
        TrainerEvent event{static_cast<uint64_t>(step), "metric", step, 1.0, {}, "", {}};
        for (const char* name : {"train/loss", "val/loss"})
          event.metrics.emplace_back(name, 1.0 / static_cast<double>(step));
        append.events.push_back(event);
      }
      append.events.push_back(
          {2000, "note", 1600, 1.0, {}, absl::StrCat("{\"text\":\"", std::string(9000, 'n'), "\"}"), {}});
      EXPECT_TRUE(queries.connection().Execute("BEGIN IMMEDIATE").ok());
      EXPECT_TRUE(ApplyWrites({append}, queries, written).ok());
      EXPECT_TRUE(queries.connection().Execute("COMMIT").ok());
    }
  }

  // Where the bytes of blocks lie in the file, as far as they lie in one piece.
  void RememberBlobs(Queries& queries) {
    EXPECT_TRUE(queries
                    .Each("SELECT points FROM blocks WHERE length(points) > 64", {},
                          [this](const Statement& row) {
                            const std::string blob = row.Text(0);
                            const size_t at = database_.find(blob.substr(0, 1024));
                            if (at != std::string::npos) blobs_.emplace_back(at, std::min<size_t>(blob.size(), 1024));
                            return absl::OkStatus();
                          })
                    .ok());
    EXPECT_GT(blobs_.size(), 3u);
  }

  size_t Below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }

  void Flip(std::string* bytes, size_t at) { (*bytes)[at] = static_cast<char>((*bytes)[at] ^ (1 << Below(8))); }

  void ZeroPages(std::string* bytes) {
    for (size_t n = 1 + Below(3); n > 0; --n) bytes->replace(Below(bytes->size() / kPage) * kPage, kPage, kPage, '\0');
  }

  // Writes the copy, opens and reads it.
  absl::StatusOr<Content> Try(const std::string& database, const std::string* wal) {
    const TempDir copy;
    copy.Write("plasa.db", database);
    if (wal != nullptr) copy.Write("plasa.db-wal", *wal);
    absl::StatusOr<Opened> opened = OpenAndRead(copy.path());
    if (opened.ok()) return std::move(opened->content);
    ++refused_;
    if (absl::IsDataLoss(opened.status())) {
      EXPECT_THAT(std::string(opened.status().message()), HasSubstr("plasactl restore"));
    }
    return opened.status();
  }

  // Rows that are not as they were, and do not say so.
  static size_t Lost(const Content& before, const Content& now) {
    size_t lost = 0;
    for (const auto& [key, text] : before) {
      const auto found = now.find(key);
      const bool same = found != now.end() && (found->second == text || found->second == "damaged");
      if (!same) ++lost;
    }
    for (const auto& [key, text] : now) lost += before.count(key) == 0 ? 1 : 0;
    return lost;
  }

  void ExpectNothingLost(const absl::StatusOr<Content>& content, const std::string& what) {
    if (content.ok()) {
      EXPECT_EQ(Lost(content_, *content), 0u) << what;
    } else {
      EXPECT_TRUE(absl::IsDataLoss(content.status()) || absl::IsFailedPrecondition(content.status()))
          << what << ": " << content.status();
    }
  }

  std::mt19937 random_{20};
  TempStore temp_;
  std::string database_, wal_;
  Content content_;
  std::set<Content> stages_;  // after each commit that is in the -wal
  std::vector<std::pair<size_t, size_t>> blobs_;
  bool in_wal_ = false;
  size_t refused_ = 0;
};

TEST_F(Damage, TheUndamagedCopyIsReadWhole) {
  const auto content = Try(database_, nullptr);
  ASSERT_TRUE(content.ok()) << content.status();
  EXPECT_EQ(*content, content_);
  const auto later = Try(database_, &wal_);
  ASSERT_TRUE(later.ok()) << later.status();
  EXPECT_EQ(stages_.count(*later), 1u);
}

TEST_F(Damage, IsToldOrHarmless) {
  const size_t copies = FromEnvironment("PLASA_DAMAGED_COPIES", 500);
  size_t unseen = 0, told_by_block = 0;
  for (size_t i = 0; i < copies; ++i) {
    std::string database = database_;
    const std::string what = absl::StrCat("copy ", i);
    switch (i % 5) {
      case 0:
        database.resize(Below(database.size()));
        if (database.empty()) break;  // an empty file is a new database, as SQLite has it
        ExpectNothingLost(Try(database, nullptr), what + ", cut");
        break;
      case 1:
        ZeroPages(&database);
        ExpectNothingLost(Try(database, nullptr), what + ", zeroed pages");
        break;
      case 2: {
        const auto [at, size] = blobs_[Below(blobs_.size())];
        Flip(&database, at + Below(size));
        const auto content = Try(database, nullptr);
        ASSERT_TRUE(content.ok()) << content.status();
        EXPECT_EQ(Lost(content_, *content), 0u) << what << ", a flip in a block";
        for (const auto& [key, text] : *content) told_by_block += text == "damaged" ? 1 : 0;
        break;
      }
      case 3: {
        // A changed letter of a text is still a text: only ending, and the sentence, are promised.
        for (size_t n = 1 + Below(8); n > 0; --n) Flip(&database, Below(database.size()));
        const auto content = Try(database, nullptr);
        if (content.ok() && Lost(content_, *content) > 0) ++unseen;
        break;
      }
      case 4: {
        std::string wal = wal_;
        if (Below(2) == 0) wal.resize(Below(wal.size()));
        for (size_t n = Below(4); n > 0 && !wal.empty(); --n) Flip(&wal, Below(wal.size()));
        const auto content = Try(database, &wal);
        ASSERT_TRUE(content.ok()) << what << ": " << content.status();
        EXPECT_EQ(stages_.count(*content), 1u) << what << ": not what it was after any commit";
        break;
      }
    }
  }
  EXPECT_GE(told_by_block, copies / 5);
  EXPECT_GT(refused_, copies / 5);
  std::cout << copies << " damaged copies: " << refused_ << " refused, " << told_by_block << " blocks told, " << unseen
            << " of " << copies / 5 << " with flips outside of blocks were read with other values\n";
}

}  // namespace
}  // namespace plasa::store
