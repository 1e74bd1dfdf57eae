#include "trainer/data/data_spec.h"

#include <gtest/gtest.h>

namespace plasa::trainer {
namespace {

using Object = Value::Object;

TEST(ParseDataSpec, ReadsEachKind) {
  const auto corpus = ParseDataSpec(Object{{"corpus", "kjv"}});
  ASSERT_TRUE(corpus);
  EXPECT_EQ(std::get<Corpus>(*corpus), Corpus::kKjv);
  const auto path = ParseDataSpec(Object{{"path", "/x.bin"}, {"format", "nanogpt"}, {"eot_id", 5}});
  ASSERT_TRUE(path);
  EXPECT_EQ(std::get<DataPath>(*path).format, FileFormat::kHeaderless);
  EXPECT_EQ(std::get<DataPath>(*path).eot_id, 5);
  const auto task = ParseDataSpec(Object{{"task", "needle"}, {"depth", 0.25}, {"pairs", 3}});
  ASSERT_TRUE(task);
  EXPECT_EQ(std::get<TaskSpec>(*task).kind, TaskKind::kNeedle);
  EXPECT_EQ(std::get<TaskSpec>(*task).depth, 0.25);
}

struct Refusal {
  Value data;
  std::string names;  // what the message must mention
};

TEST(ParseDataSpec, RefusesAndNamesTheKey) {
  const std::vector<Refusal> refusals = {{Value("kjv"), "object"},
                                         {Object{}, "exactly one"},
                                         {Object{{"corpus", "kjv"}, {"task", "markov"}}, "exactly one"},
                                         {Object{{"corpus", "bible"}}, "kjv, sotu, auto"},
                                         {Object{{"corpus", 3}}, "data.corpus"},
                                         {Object{{"corpus", "kjv"}, {"formt", "text"}}, "formt"},
                                         {Object{{"path", ""}}, "data.path"},
                                         {Object{{"path", "/x"}, {"format", "parquet"}}, "llmc"},
                                         {Object{{"path", "/x"}, {"eot_id", -2}}, "data.eot_id"},
                                         {Object{{"task", "sort"}}, "mqar"},
                                         {Object{{"task", "markov"}, {"lag", "two"}}, "data.lag"},
                                         {Object{{"task", "needle"}, {"depth", 1.5}}, "data.depth"}};
  for (const Refusal& refusal : refusals) {
    const auto spec = ParseDataSpec(refusal.data);
    ASSERT_FALSE(spec) << refusal.data.CanonicalJson();
    EXPECT_NE(spec.error().Text().find(refusal.names), std::string::npos) << spec.error().Text();
  }
}

}  // namespace
}  // namespace plasa::trainer
