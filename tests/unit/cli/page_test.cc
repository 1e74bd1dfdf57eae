#include "cli/report/html/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/array.hpp>

#include "cli/output/json_text.h"
#include "cli/report/layer_means.h"
#include "cli/report/page_data.h"
#include "results_fixture.h"

namespace plasa::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kHostile[] = "</script><script>alert(1)</script>{{script}}<!--&";

std::string Between(const std::string& text, const std::string& from, const std::string& to) {
  const size_t begin = text.find(from) + from.size();
  return text.substr(begin, text.find(to, begin) - begin);
}

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(PageHtml, HostileTextStaysInItsPlace) {
  const std::string plain = PageHtml("x", {{"name", "x"}});
  const std::string page = PageHtml(kHostile, {{"name", kHostile}});
  EXPECT_EQ(Count(page, "<script"), Count(plain, "<script"));
  EXPECT_EQ(Count(page, "</script"), Count(plain, "</script"));
  EXPECT_THAT(page, Not(HasSubstr("<!--")));
  const std::string data = Between(page, "id=\"data\">", "</script>");
  EXPECT_EQ(ParseObjectOrEmpty(data).at("name").as_string(), kHostile);
  EXPECT_THAT(page, HasSubstr("<title>&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#123;&#123;script}}"));
}

TEST(PageHtml, NothingIsLeftToFillInAndNothingIsLoaded) {
  const std::string page = PageHtml("x", {});
  EXPECT_THAT(page, Not(HasSubstr("{{")));
  EXPECT_THAT(page, Not(HasSubstr("src=")));
  EXPECT_THAT(page, HasSubstr("default-src 'none'; script-src 'sha256-"));
}

boost::json::object DataOf(const plasa::v1::GetResultsReply& results) {
  const std::vector<RunRecord> runs = RunRecords(results);
  std::vector<analysis::TrialRecord> trials;
  for (const RunRecord& run : runs) trials.push_back(run.trial);
  return PageData(results, runs, analysis::Comparison(trials), {}, {});
}

TEST(PageData, CellsHoldEveryFinalValueBySeed) {
  const boost::json::object data = DataOf(SmallSweep(3));
  EXPECT_EQ(data.at("rows").as_array().size(), 12u);
  const boost::json::object& cell = data.at("cells").at(0).as_object();
  EXPECT_EQ(cell.at("label").as_string(), "dense_baseline");
  EXPECT_EQ(cell.at("metrics").at("val/loss").at("seeds").at("2").as_double(), 1.7);
  EXPECT_NEAR(cell.at("improvement").at("mean").as_double(), 100 * (.5 / 2.1 + .5 / 2.2 + .5 / 2.3) / 3, 1e-9);
  EXPECT_TRUE(data.at("cells").at(2).at("improvement").is_null());  // the baseline itself
}

TEST(PageData, OfManyLabelsThoseOfTheFigureAreShownFirst) {
  plasa::v1::GetResultsReply results;
  for (int i = 0; i < 20; ++i) AddResult(&results, absl::StrCat("s", i), 64, 1, 1.0 + i);
  const boost::json::object data = DataOf(results);
  EXPECT_EQ(data.at("labels").as_array().size(), 20u);
  EXPECT_EQ(data.at("shown").as_array().size(), 12u);
}

TEST(PageData, AuditsAreSummedOverTrials) {
  auto results = SmallSweep(1);
  for (int i = 0; i < 3; ++i) {
    auto* audit = results.mutable_results(i)->mutable_trial()->add_audits();
    audit->set_number(1);
    audit->set_name("causality");
    audit->set_passed(i != 1);
    audit->set_figure(i == 1 ? "7" : "0");
  }
  const boost::json::object data = DataOf(results);
  const boost::json::object& audit = data.at("audits").at(0).as_object();
  EXPECT_EQ(audit.at("passed").as_int64(), 2);
  EXPECT_EQ(audit.at("figure").as_double(), 7);
  EXPECT_EQ(audit.at("failed_trials").at(0).as_string(), "t2");
}

RunRecord WithLayers(const char* layers) {
  RunRecord run;
  run.record = ParseObjectOrEmpty(std::string("{\"layers\":") + layers + "}");
  return run;
}

TEST(LayerMeans, NumbersAndListsByElement) {
  const RunRecord a = WithLayers(R"([{"k":4,"hist":[1,2],"only_here":1}])");
  const RunRecord b = WithLayers(R"([{"k":6,"hist":[3,6]}])");
  EXPECT_EQ(JsonText(LayerMeans({&a, &b})), R"([{"k":5,"hist":[2,4]}])");
}

TEST(LayerMeans, NoneWhereRunsDoNotFit) {
  const RunRecord a = WithLayers(R"([{"k":4}])");
  const RunRecord b = WithLayers(R"([{"k":6},{"k":6}])");
  EXPECT_TRUE(LayerMeans({&a, &b}).empty());
  EXPECT_TRUE(LayerMeans({}).empty());
}

}  // namespace
}  // namespace plasa::cli
