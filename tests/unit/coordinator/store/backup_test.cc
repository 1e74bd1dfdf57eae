// Backups are complete copies of one moment, and restoring one never gives a token a second time.
#include "coordinator/store/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "common/base/sha256.h"
#include "common/runtime/artifact_path.h"
#include "common/runtime/durable_file.h"
#include "common/runtime/file_lock.h"
#include "coordinator/store/artifact_references.h"
#include "coordinator/store/counters.h"
#include "coordinator/store/effects_writer.h"
#include "coordinator/store/identity.h"
#include "coordinator/store/restore.h"
#include "coordinator/store/schema.h"
#include "coordinator/store/state_loader.h"
#include "script_runner.h"
#include "temp_store.h"

namespace plasa::store {
namespace {

namespace fs = std::filesystem;
using coordinator::Dump;
using coordinator::Effects;
using coordinator::ScriptRunner;
using ::testing::HasSubstr;

// A state directory with content, and a place for backups.
class BackupTest : public testing::Test {
 protected:
  BackupTest() {
    MakeDirectories(state_).IgnoreError();
    auto opened = OpenDatabase(state_);
    EXPECT_TRUE(opened.ok()) << opened.status();
    queries_.emplace(*std::move(opened));
    EXPECT_TRUE(BeginEpoch(queries_->connection()).ok());
    runner_.on_effects = [this](const Effects& fx) { Apply(fx.writes); };
    for (const char* line : {"worker a slots=2 trainers=steps", "submit s x=1,2", "exchange a free=0,1",
                             "report a 1 start@0 metric:loss=3@1 metric:loss=2@2", "report a 2 start@0"}) {
      static_cast<void>(runner_.Run(line));
    }
    temp_.Write("state/tokens/admin", "secret\n");
    temp_.Write("state/worker/attempts/x-1/spec.json", "{}");
  }

  void Apply(const std::vector<coordinator::Write>& writes) {
    ASSERT_TRUE(queries_->connection().Execute("BEGIN IMMEDIATE").ok());
    ASSERT_TRUE(ApplyWrites(writes, *queries_, &written_).ok());
    ASSERT_TRUE(queries_->connection().Execute("COMMIT").ok());
  }

  // Publishes a checkpoint of the attempt with that token, files before rows.
  void Publish(uint64_t token, int64_t step, const std::string& content) {
    const std::string manifest = "manifest of " + content;
    for (const std::string& file : {content, manifest})
      temp_.Write("state/artifacts/" + Sha256Hex(file).substr(0, 2) + "/" + Sha256Hex(file), file);
    const std::string trial = runner_.core().state().attempts.at(token).trial;
    written_ = {};
    coordinator::PublishedCheckpoint checkpoint;
    checkpoint.ref = {Sha256Hex(manifest), step, 1, {{"weights", content.size(), Sha256Hex(content)}}};
    checkpoint.token = token;
    Apply({coordinator::PutCheckpoint{trial, checkpoint}});
    for (const std::string& sha256 : written_.unreferenced) fs::remove(ArtifactPath(state_ + "/artifacts", sha256));
  }

  // The coordinator's end.
  void Close() { queries_.reset(); }

  std::string StateOf(const std::string& dir) {
    auto connection = Connection::OpenWriter(DatabasePath(dir));
    EXPECT_TRUE(connection.ok()) << connection.status();
    Queries queries(*std::move(connection));
    const auto loaded = LoadState(queries);
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    return loaded.ok() ? Dump(*loaded) : "";
  }

  Counters CountersOf(const std::string& dir) {
    const auto connection = Connection::OpenReader(DatabasePath(dir));
    const auto counters = connection.ok() ? ReadCounters(*connection) : connection.status();
    EXPECT_TRUE(counters.ok()) << counters.status();
    return counters.value_or(Counters());
  }

  // Files below `dir` and their content.
  static std::map<std::string, std::string> Files(const std::string& dir) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(dir)) {
      if (entry.is_regular_file()) files[fs::relative(entry, dir)] = ReadWholeFile(entry.path()).value_or("?");
    }
    return files;
  }

  std::vector<std::string> NamesIn(const fs::path& dir) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(dir)) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }

  TempDir temp_;
  const std::string state_ = temp_ / "state";
  const std::string to_ = temp_ / "backup";
  const std::string other_ = temp_ / "other";
  std::optional<Queries> queries_;
  ScriptRunner runner_;
  Written written_;
};

TEST_F(BackupTest, HoldsTheStateAndTheArtifactsItNames) {
  Publish(1, 10, "weights");
  temp_.Write("state/artifacts/ab/abandoned", "no row names it");
  const auto copied = BackUp(state_, to_);
  ASSERT_TRUE(copied.ok()) << copied.status();
  EXPECT_EQ(copied->sweeps, 1);
  EXPECT_EQ(copied->trials, 2);
  EXPECT_EQ(copied->artifacts, 2u);
  EXPECT_EQ(copied->artifact_bytes, 26u);
  EXPECT_TRUE(copied->missing.empty());
  EXPECT_EQ(NamesIn(to_), (std::vector<std::string>{"artifacts", "plasa.db", "tokens"}));
  EXPECT_EQ(Files(to_ + "/artifacts").size(), 2u);
  EXPECT_EQ(Files(to_).at("tokens/admin"), "secret\n");
  EXPECT_EQ(fs::status(to_).permissions(), fs::perms::owner_all);
  EXPECT_EQ(StateOf(to_), StateOf(state_));
}

TEST_F(BackupTest, RefusesAPlaceThatIsTaken) {
  fs::create_directory(to_);
  const auto copied = BackUp(state_, to_);
  EXPECT_TRUE(absl::IsAlreadyExists(copied.status())) << copied.status();
  EXPECT_EQ(NamesIn(temp_.path()), (std::vector<std::string>{"backup", "state"}));
  EXPECT_TRUE(absl::IsNotFound(BackUp(other_, temp_ / "b").status()));
}

TEST_F(BackupTest, OfADamagedDatabaseIsNotThere) {
  for (int i = 0; i < 200; ++i) static_cast<void>(runner_.Run("submit s" + std::to_string(i) + " y=1,2,3,4,5,6,7,8"));
  ASSERT_TRUE(queries_->connection().Execute("PRAGMA wal_checkpoint(TRUNCATE)").ok());
  Close();
  const auto size = fs::file_size(DatabasePath(state_));
  std::fstream file(DatabasePath(state_), std::ios::in | std::ios::out | std::ios::binary);
  for (uintmax_t page = 4; page < size / 4096; page += 3) {
    file.seekp(static_cast<std::streamoff>(page * 4096));
    file.write(std::string(4096, '\0').data(), 4096);
  }
  file.close();
  const auto copied = BackUp(state_, to_);
  EXPECT_TRUE(absl::IsDataLoss(copied.status())) << copied.status();
  EXPECT_THAT(std::string(copied.status().message()), HasSubstr("plasactl restore"));
  EXPECT_EQ(NamesIn(temp_.path()), (std::vector<std::string>{"state"}));
}

TEST_F(BackupTest, SaysWhichArtifactsAreGoneOrDamaged) {
  Publish(1, 10, "weights");
  Publish(2, 10, "other weights");
  fs::remove(ArtifactPath(state_ + "/artifacts", Sha256Hex("weights")));
  std::ofstream(ArtifactPath(state_ + "/artifacts", Sha256Hex("other weights"))) << "rotten weights";
  const auto copied = BackUp(state_, to_);
  ASSERT_TRUE(copied.ok()) << copied.status();
  EXPECT_THAT(copied->missing, testing::UnorderedElementsAre(Sha256Hex("weights"), Sha256Hex("other weights")));
  const auto refused = Restore(to_, other_, {});
  EXPECT_TRUE(absl::IsDataLoss(refused.status())) << refused.status();
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("--incomplete"));
  EXPECT_FALSE(fs::exists(DatabasePath(other_)));
  const auto restored = Restore(to_, other_, {.incomplete = true});
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->copied.missing.size(), 2u);
}

TEST_F(BackupTest, IsOneMomentWhileTheCoordinatorGoesOn) {
  std::atomic<bool> stop = false;
  std::atomic<int> commits = 0;
  Publish(1, 0, "first of 1");
  Publish(2, 0, "first of 2");
  std::thread writer([&] {
    for (int64_t step = 1; !stop; ++step) {
      // Two rows of one commit that must never be seen apart, and a checkpoint whose files go with the next one.
      Apply({coordinator::AppendEvents{1,
                                       runner_.core().state().attempts.at(1).trial,
                                       {{static_cast<uint64_t>(step), "note", step, 1.0, {}, "{}", {}}}},
             coordinator::AppendEvents{2,
                                       runner_.core().state().attempts.at(2).trial,
                                       {{static_cast<uint64_t>(step), "note", step, 1.0, {}, "{}", {}}}}});
      Publish(1 + static_cast<uint64_t>(step % 2), step, "weights " + std::to_string(step));
      ++commits;
    }
  });
  for (int i = 0; i < 20; ++i) {
    const int before = commits;
    const std::string to = to_ + std::to_string(i);
    const auto copied = BackUp(state_, to);
    ASSERT_TRUE(copied.ok()) << copied.status();
    EXPECT_EQ(copied->missing, std::vector<std::string>());
    EXPECT_EQ(copied->artifacts, 4u);
    EXPECT_EQ(Files(to + "/artifacts").size(), 4u);
    const auto connection = Connection::OpenWriter(DatabasePath(to));
    EXPECT_EQ(*connection->QueryInt("SELECT count(*) FROM events WHERE attempt = 1"),
              *connection->QueryInt("SELECT count(*) FROM events WHERE attempt = 2"));
    while (commits == before) std::this_thread::yield();  // the writer goes on
  }
  stop = true;
  writer.join();
}

TEST_F(BackupTest, RestoredGivesNoTokenThatWasGiven) {
  ASSERT_TRUE(BackUp(state_, to_).ok());
  static_cast<void>(runner_.Run("exchange a held=2 free=0"));
  const auto restored = Restore(to_, other_, {});
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->token_floor, 2 + kTokenJump);
  auto opened = OpenDatabase(other_);
  ASSERT_TRUE(opened.ok()) << opened.status();
  Queries queries(*std::move(opened));
  const auto loaded = LoadState(queries);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->last_token, 2 + kTokenJump);
  EXPECT_EQ(loaded->token_floor, 2 + kTokenJump);
  EXPECT_EQ(loaded->attempts.count(1), 1u);
  EXPECT_EQ(Files(other_).at("tokens/admin"), "secret\n");
}

TEST_F(BackupTest, RestoredTwiceJumpsTwice) {
  ASSERT_TRUE(BackUp(state_, to_).ok());
  ASSERT_TRUE(Restore(to_, other_, {}).ok());
  const Counters first = CountersOf(other_);
  fs::remove_all(other_);  // the disk is lost, and with it what was given since
  ASSERT_TRUE(Restore(to_, other_, {}).ok());
  const Counters second = CountersOf(other_);
  EXPECT_EQ(second.token, first.token + kTokenJump);
  EXPECT_GT(second.epoch, first.epoch);
}

TEST_F(BackupTest, RestoreMovesTheOldStateAsideAndLeavesTheWorker) {
  Publish(1, 10, "weights");
  ASSERT_TRUE(BackUp(state_, to_).ok());
  static_cast<void>(runner_.Run("submit later x=7"));
  Publish(1, 20, "later weights");
  const std::string before = StateOf(state_);
  Close();
  const auto refused = Restore(to_, state_, {});
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status())) << refused.status();
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("--replace"));
  EXPECT_EQ(StateOf(state_), before);

  const auto restored = Restore(to_, state_, {.replace = true});
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(StateOf(restored->replaced), before);
  EXPECT_EQ(Files(restored->replaced + "/artifacts").size(), 2u);
  EXPECT_EQ(Files(state_ + "/artifacts").count(Sha256Hex("weights").substr(0, 2) + "/" + Sha256Hex("weights")), 1u);
  EXPECT_EQ(Files(state_).at("worker/attempts/x-1/spec.json"), "{}");
  const auto opened = OpenDatabase(state_);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(*opened->QueryInt("SELECT count(*) FROM sweeps"), 1);
}

TEST_F(BackupTest, RestoreWaitsForTheCoordinatorToStop) {
  ASSERT_TRUE(BackUp(state_, to_).ok());
  const auto lock = FileLock::Take(state_ + "/coordinator.lock");
  ASSERT_TRUE(lock.ok());
  const auto refused = Restore(to_, state_, {.replace = true});
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status())) << refused.status();
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("stop it first"));
  const auto live = Restore(state_, other_, {});
  EXPECT_TRUE(absl::IsFailedPrecondition(live.status())) << live.status();
  EXPECT_THAT(std::string(live.status().message()), HasSubstr("plasactl backup"));
}

TEST_F(BackupTest, RestoreTakesTheCopiedDirectoryOfAStoppedCoordinator) {
  const std::string before = StateOf(state_);
  fs::copy(state_, to_, fs::copy_options::recursive);  // its last writes are still in the -wal
  ASSERT_TRUE(fs::exists(DatabasePath(to_) + "-wal"));
  ASSERT_TRUE(Restore(to_, other_, {}).ok());
  const std::string after = StateOf(other_);
  EXPECT_EQ(after.substr(0, after.rfind("last ")), before.substr(0, before.rfind("last ")));
}

TEST_F(BackupTest, RestoreRefusesWhatIsNoSoundBackup) {
  ASSERT_TRUE(BackUp(state_, to_).ok());
  EXPECT_TRUE(absl::IsNotFound(Restore(temp_ / "nothing", other_, {}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Restore(state_, state_, {.replace = true}).status()));
  ASSERT_TRUE(Connection::OpenWriter(DatabasePath(to_))->Execute("PRAGMA user_version=99").ok());
  EXPECT_THAT(std::string(Restore(to_, other_, {}).status().message()), HasSubstr("newer plasa"));
  ASSERT_TRUE(Connection::OpenWriter(DatabasePath(to_))->Execute("PRAGMA application_id=7").ok());
  EXPECT_THAT(std::string(Restore(to_, other_, {}).status().message()), HasSubstr("not a database of plasa"));
  fs::resize_file(DatabasePath(to_), 10000);
  const auto damaged = Restore(to_, other_, {});
  EXPECT_TRUE(absl::IsDataLoss(damaged.status())) << damaged.status();
  EXPECT_EQ(NamesIn(other_), (std::vector<std::string>{"coordinator.lock"}));
}

TEST_F(BackupTest, ARestoreThatWasCutOffIsEndedAndNothingOpensBefore) {
  Publish(1, 10, "weights");
  ASSERT_TRUE(BackUp(state_, to_).ok());
  ASSERT_TRUE(Restore(to_, other_, {}).ok());
  const auto complete = Files(other_);
  // As it is after each of its moves.
  for (const std::vector<std::string>& waiting :
       {std::vector<std::string>{"plasa.db"}, {"plasa.db", "tokens"}, {"plasa.db", "tokens", "artifacts"}, {}}) {
    const std::string ready = ReadyToRestorePath(other_);
    fs::create_directory(ready);
    for (const std::string& name : waiting) fs::rename(other_ + "/" + name, ready + "/" + name);
    const auto opened = OpenDatabase(other_);
    EXPECT_TRUE(absl::IsFailedPrecondition(opened.status())) << opened.status();
    EXPECT_THAT(std::string(opened.status().message()), HasSubstr("again"));
    const auto ended = Restore(to_, other_, {});
    ASSERT_TRUE(ended.ok()) << ended.status();
    EXPECT_EQ(ended->token_floor, 2 + kTokenJump);
    EXPECT_EQ(Files(other_), complete);
  }
}

}  // namespace
}  // namespace plasa::store
