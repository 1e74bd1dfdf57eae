// Batches as text.
#include "coordinator/http/event_text.h"

#include <gtest/gtest.h>

namespace plasa::http {
namespace {

TEST(EventText, NamesWhatAnyOfTheChangesTouched) {
  LiveChange first, second;
  first.sweeps = {"s2"};
  second.sweeps = {"s1", "s2"};
  second.workers = true;
  EXPECT_EQ(BatchText({first, second}, 9),
            "id: 9\nevent: change\ndata: {\"sweeps\":[\"s1\",\"s2\"],\"trials\":[],\"workers\":true}\n\n");
}

TEST(EventText, KeepsTheNewestPointsOfATrial) {
  LiveChange change;
  LivePoints points{"s", "t", {}};
  for (int64_t step = 0; step < 300; ++step) points.points.push_back({"loss", {step, 0, 0}});
  change.points = {points};
  const std::string text = BatchText({change}, 1);
  EXPECT_EQ(text.find("[\"loss\",43,"), std::string::npos);
  EXPECT_NE(text.find("[\"loss\",44,"), std::string::npos);
  EXPECT_NE(text.find("[\"loss\",299,"), std::string::npos);
}

TEST(EventText, ANameCannotEndALine) {
  LiveChange change;
  change.points = {{"s", "t", {{"a\n\nevent: reset\ndata: {}\n\n", {1, 2, 0}}}}};
  const std::string text = BatchText({change}, 1);
  EXPECT_EQ(text.find("\nevent: reset"), std::string::npos);
}

}  // namespace
}  // namespace plasa::http
