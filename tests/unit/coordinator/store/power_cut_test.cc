// P1: whatever a power cut leaves of what was not synced, the database opens, and holds what was acknowledged before
// the cut: the state after some whole commit.
//
// PLASA_POWER_CUTS sets how many cuts are tried (400).
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <random>

#include "absl/strings/str_cat.h"
#include "coordinator/store/effects_writer.h"
#include "coordinator/store/identity.h"
#include "coordinator/store/writer.h"
#include "from_environment.h"
#include "random_line.h"
#include "recording_vfs.h"
#include "script_runner.h"
#include "store_content.h"
#include "temp_dir.h"
#include "temp_store.h"

namespace plasa::store {
namespace {

using coordinator::Effects;
using coordinator::MemoryStore;
using coordinator::RandomLine;
using coordinator::ScriptRunner;

constexpr const char* kMemoryDisk = "/dev/shm";  // a cut is a file system of its own, many times a second
constexpr int kLives = 4;
constexpr int kLinesALife = 250;

// A commit, and the number of operations after which it was answered.
struct Committed {
  size_t acknowledged = 0;
  Content content;
  std::string state;
};

// A start that was counted before it served.
struct Begun {
  size_t acknowledged = 0;
  uint64_t epoch = 0;
};

// Some lives of one coordinator's database, with each operation on its files.
class PowerCut : public testing::Test {
 protected:
  PowerCut() {
    latest_ = {0, {}, Dump(memory_.Load())};
    commits_.push_back(latest_);
    for (int life = 0; life < kLives; ++life) Live(life);
    operations_ = vfs_.Take();
    EXPECT_GT(commits_.size(), 100u);
  }

  // Every other life ends in order. The -wal is copied back more often than SQLite would, so that many cuts meet it.
  void Live(int life) {
    Connection connection = temp_.Open();
    const auto begun = BeginEpoch(connection);
    ASSERT_TRUE(begun.ok()) << begun.status();
    starts_.push_back({vfs_.size(), begun->epoch});
    ASSERT_TRUE(connection.Execute("PRAGMA wal_autocheckpoint=50").ok());
    Writer writer(std::move(connection), temp_.dir() + "/reserve", {[this](double, size_t) { NoteCommit(); }});
    runner_.on_effects = [&](const Effects& fx) { Post(writer, fx); };
    if (life == 0) static_cast<void>(runner_.Run(LargeSweep()));
    for (int i = 0; i < kLinesALife; ++i) static_cast<void>(runner_.Run(RandomLine(runner_.core(), random_)));
    runner_.on_effects = nullptr;
    Commit(writer);
    if (life % 2 == 0)
      writer.Post({[](Queries& queries) { return MarkClosed(queries.connection()); }, [](const absl::Status&) {}});
  }

  static std::string LargeSweep() {
    std::string line = "submit large x=1";
    for (int i = 2; i <= 60; ++i) absl::StrAppend(&line, ",", i);
    return line;
  }

  // Some effects make a commit of their own, some one with those before them.
  void Post(Writer& writer, const Effects& fx) {
    memory_.Apply(fx.writes);
    group_.insert(group_.end(), fx.writes.begin(), fx.writes.end());
    if (!group_.empty() && random_() % 2 == 0) Commit(writer);
  }

  // As StoreCommitter does; the job also notes what a commit after it must hold.
  void Commit(Writer& writer) {
    writer.Post({[this](Queries& queries) {
                   Written written;
                   if (absl::Status applied = ApplyWrites(group_, queries, &written); !applied.ok()) return applied;
                   absl::StatusOr<Content> content = ReadContent(queries);
                   if (content.ok()) latest_ = {0, *std::move(content), Dump(memory_.Load())};
                   return content.status();
                 },
                 [](const absl::Status&) {}});
    writer.AwaitIdle();
    group_.clear();
  }

  // On the writer's thread, before anybody is answered.
  void NoteCommit() {
    latest_.acknowledged = vfs_.size();
    commits_.push_back(latest_);
  }

  static absl::StatusOr<Opened> Start(const Files& files) {
    const TempDir dir(kMemoryDisk);
    for (const auto& [name, bytes] : files) dir.Write(name, bytes);
    return OpenAndRead(dir.path());
  }

  // The last of `events` that was acknowledged when `cut` operations were done; the first if none was.
  template <typename Event>
  static size_t LastBefore(const std::vector<Event>& events, size_t cut) {
    size_t last = 0;
    while (last + 1 < events.size() && events[last + 1].acknowledged <= cut) ++last;
    return last;
  }

  // What was acknowledged, and perhaps the commit that was under way.
  void Judge(const Opened& opened, size_t cut) {
    const size_t last = LastBefore(commits_, cut);
    const auto same = [&](size_t i) {
      return i < commits_.size() && commits_[i].content == opened.content && commits_[i].state == opened.state;
    };
    EXPECT_TRUE(same(last) || same(last + 1)) << "not the state after commit " << last << " or the next";
    further_ += same(last) ? 0 : 1;
    const Begun& start = starts_[LastBefore(starts_, cut)];
    if (start.acknowledged <= cut) {
      EXPECT_GT(opened.epoch, start.epoch) << "a start was not counted";
    }
  }

  // A second cut while the first is being recovered from: the same is found again.
  void CutTheStart(const Files& files, const Opened& first) {
    const std::vector<DiskOperation> recovery = vfs_.Take();
    RecordedDisk disk(files);
    const size_t cut = std::uniform_int_distribution<size_t>(0, recovery.size())(random_);
    for (size_t i = 0; i < cut; ++i) disk.Apply(recovery[i]);
    const auto second = Start(disk.AfterPowerCut(random_));
    ASSERT_TRUE(second.ok()) << second.status();
    EXPECT_EQ(second->content, first.content);
    EXPECT_EQ(second->state, first.state);
  }

  RecordingVfs vfs_;  // first: the others close their files through it
  std::mt19937 random_{1};
  TempStore temp_;
  MemoryStore memory_;
  ScriptRunner runner_;
  std::vector<coordinator::Write> group_;  // of the next commit
  Committed latest_;                       // of the job that was applied last
  std::vector<Committed> commits_;
  std::vector<Begun> starts_;
  std::vector<DiskOperation> operations_;
  size_t further_ = 0;  // cuts that left a commit which was not answered yet
};

TEST_F(PowerCut, WhatWasAcknowledgedIsThere) {
  std::vector<size_t> cuts(FromEnvironment("PLASA_POWER_CUTS", 400));
  for (size_t& cut : cuts) cut = std::uniform_int_distribution<size_t>(0, operations_.size())(random_);
  std::sort(cuts.begin(), cuts.end());
  RecordedDisk disk;
  size_t done = 0, with_unsynced = 0;
  for (size_t i = 0; i < cuts.size(); ++i) {
    for (; done < cuts[i]; ++done) disk.Apply(operations_[done]);
    with_unsynced += disk.unsynced() > 0 ? 1 : 0;
    SCOPED_TRACE(absl::StrCat("cut ", i, ", after operation ", cuts[i]));
    const Files files = disk.AfterPowerCut(random_);
    static_cast<void>(vfs_.Take());
    const auto opened = Start(files);
    ASSERT_TRUE(opened.ok()) << opened.status();
    Judge(*opened, cuts[i]);
    if (i % 4 == 0) CutTheStart(files, *opened);
  }
  std::cout << cuts.size() << " power cuts in " << operations_.size() << " operations of " << commits_.size() - 1
            << " commits: " << with_unsynced << " with unsynced writes, " << further_ << " left the commit under way\n";
  EXPECT_GT(with_unsynced, cuts.size() / 4);
}

}  // namespace
}  // namespace plasa::store
