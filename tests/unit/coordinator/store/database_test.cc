// Opening: what is refused, and with which words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "coordinator/store/credentials.h"
#include "coordinator/store/identity.h"
#include "coordinator/store/schema.h"
#include "temp_store.h"

namespace plasa::store {
namespace {

using ::testing::HasSubstr;

TEST(Database, AnOlderOneIsBroughtUpToDate) {
  TempStore temp;
  {
    const Connection database = temp.Open();
    ASSERT_TRUE(
        database
            .Execute("DROP TABLE pruned; DROP TABLE rungs; DROP TABLE data_files; ALTER TABLE checkpoints DROP COLUMN origin_json; ALTER TABLE "
                     "attempts DROP COLUMN "
                     "certificate_json; ALTER TABLE trials DROP COLUMN excluded_json; ALTER TABLE sweeps DROP COLUMN "
                     "replication_open; ALTER TABLE sweeps DROP COLUMN replication_json; PRAGMA "
                     "user_version=1")
            .ok());
    ASSERT_TRUE(database
                    .Execute("INSERT INTO trials VALUES ('t', 1, 1, '{}', 'steps', '{}', '{}', 'queued', '', '', 0, 0, "
                             "'[]', '{}', 0, 0.0, 0)")
                    .ok());
  }
  Queries queries(temp.Open());
  std::string excluded;
  ASSERT_TRUE(queries
                  .Each("SELECT excluded_json FROM trials WHERE id = 't'", {},
                        [&](const Statement& row) {
                          excluded = row.Text(0);
                          return absl::OkStatus();
                        })
                  .ok());
  EXPECT_EQ(excluded, "[]");
}

TEST(OpenDatabase, MakesAndReopensOne) {
  const TempStore temp;
  const auto first = BeginEpoch(temp.Open());
  const auto second = BeginEpoch(temp.Open());
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->cluster_uuid, second->cluster_uuid);
  EXPECT_EQ(first->epoch, 1u);
  EXPECT_EQ(second->epoch, 2u);
}

TEST(OpenDatabase, RefusesANewerSchema) {
  const TempStore temp;
  ASSERT_TRUE(temp.Open().Execute("PRAGMA user_version=99").ok());
  const auto opened = OpenDatabase(temp.dir());
  EXPECT_TRUE(absl::IsFailedPrecondition(opened.status()));
  EXPECT_THAT(std::string(opened.status().message()), HasSubstr("newer plasa"));
}

TEST(OpenDatabase, RefusesAForeignFile) {
  const TempStore temp;
  {
    const auto other = Connection::OpenWriter(DatabasePath(temp.dir()));
    ASSERT_TRUE(other.ok());
    ASSERT_TRUE(other->Execute("CREATE TABLE theirs (x)").ok());
  }
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenDatabase(temp.dir()).status()));
}

TEST(OpenDatabase, RefusesRubbishAndLeavesIt) {
  const TempStore temp;
  const std::string rubbish(8192, 'x');
  std::ofstream(DatabasePath(temp.dir())) << rubbish;
  const auto opened = OpenDatabase(temp.dir());
  EXPECT_TRUE(absl::IsDataLoss(opened.status())) << opened.status();
  std::ifstream in(DatabasePath(temp.dir()));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), rubbish);
}

TEST(OpenDatabase, FindsDamageAfterAnUncleanEnd) {
  const TempStore temp;
  {
    const Connection connection = temp.Open();
    ASSERT_TRUE(connection
                    .Execute("CREATE TABLE filler (x TEXT); INSERT INTO filler SELECT hex(randomblob(2000)) FROM (WITH "
                             "RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c LIMIT 50) SELECT i FROM c); "
                             "PRAGMA wal_checkpoint(TRUNCATE)")
                    .ok());
  }
  std::fstream file(DatabasePath(temp.dir()), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(0, std::ios::end);
  const auto size = static_cast<long>(file.tellp());
  for (long page = size / 4096 / 2; page < size / 4096; ++page) {
    file.seekp(page * 4096);
    file.write("damage damage damage damage", 27);
  }
  file.close();
  EXPECT_TRUE(absl::IsDataLoss(OpenDatabase(temp.dir()).status()));
}

TEST(Credentials, OutliveReopeningAndExpire) {
  const TempStore temp;
  {
    Queries queries(temp.Open());
    ASSERT_TRUE(PutCredential(queries, {"aa", "admin", "one", 1, 0}).ok());
    ASSERT_TRUE(PutCredential(queries, {"bb", "read", "two", 1, 50}).ok());
  }
  Queries queries(temp.Open());
  ASSERT_TRUE(DropExpiredCredentials(queries, 100).ok());
  const auto rows = LoadCredentials(queries);
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->front().sha256, "aa");
}

}  // namespace
}  // namespace plasa::store
