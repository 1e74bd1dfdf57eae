#include "worker/trainers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plasa::worker {
namespace {

using ::testing::ElementsAre;

TEST(Trainers, OnlyWhatIsOnTheListHasACommand) {
  Trainers trainers("/opt/plasa-trainer");
  ASSERT_TRUE(trainers.Add("noop=/bin/true").ok());
  EXPECT_THAT(trainers.Names(), ElementsAre("noop", "plasa"));
  EXPECT_THAT(*trainers.CommandFor("plasa", "/s.json"), ElementsAre("/opt/plasa-trainer", "run", "/s.json"));
  EXPECT_THAT(*trainers.CommandFor("noop", "/s.json"), ElementsAre("/bin/true", "/s.json"));
  EXPECT_EQ(trainers.CommandFor("sh", "/s.json"), std::nullopt);
}

TEST(Trainers, BadEntriesAreRefused) {
  Trainers trainers("");
  EXPECT_FALSE(trainers.Add("noname").ok());
  EXPECT_FALSE(trainers.Add("a b=/bin/true").ok());
  EXPECT_FALSE(trainers.Add("x=/no/such/program").ok());
  EXPECT_TRUE(trainers.Names().empty());
}

TEST(PlacesFrom, OneSlotACoreWithoutAProbe) {
  const std::vector<SlotPlace> places = PlacesFrom("", 0, 4);
  ASSERT_EQ(places.size(), 4u);
  EXPECT_EQ(places[3].device.kind(), "cpu");
  EXPECT_EQ(places[3].place.device, "cpu");
  EXPECT_EQ(places[3].place.threads, 1);
}

TEST(PlacesFrom, OneSlotAGpuAndSharesThemWhenAskedForMore) {
  const std::string probe =
      R"({"v":1,"devices":[{"kind":"cpu","model":"c"},{"kind":"cuda","model":"H100","memory_bytes":8},
                               {"kind":"cuda","model":"H100","memory_bytes":8}]})";
  EXPECT_EQ(PlacesFrom(probe, 0, 16).size(), 2u);
  const std::vector<SlotPlace> places = PlacesFrom(probe, 4, 16);
  ASSERT_EQ(places.size(), 4u);
  EXPECT_EQ(places[0].place.device, "cuda:0");
  EXPECT_EQ(places[3].place.device, "cuda:1");
  EXPECT_EQ(places[3].place.threads, 4);
}

TEST(RunProbe, AFailureIsANote) {
  std::string why;
  EXPECT_EQ(RunProbe("/no/such/program", why), "");
  EXPECT_FALSE(why.empty());
  EXPECT_EQ(RunProbe("/bin/false", why), "");
}

}  // namespace
}  // namespace plasa::worker
