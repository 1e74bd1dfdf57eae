// The reading routes that answer with figures of series and results.
#include <boost/json/object.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "coordinator/http/api_json.h"
#include "coordinator/http/api_reads.h"
#include "coordinator/http/json_reply.h"
#include "coordinator/http/query_numbers.h"

namespace plasa::http {
namespace {

constexpr size_t kMaxPoints = 10'000;
constexpr size_t kMaxHappenings = 1000;

// What is asked of one metric of all trials of a sweep.
struct SweepSeries {
  std::string sweep;
  std::string metric;
  size_t points = 0;
  store::StepSpan span;
};

absl::StatusOr<SweepSeries> SweepSeriesOf(store::Reader& reader, const Request& request) {
  const absl::StatusOr<size_t> points = CountOf(request, "points", 200, kMaxPoints);
  if (!points.ok()) return points.status();
  const absl::StatusOr<store::StepSpan> span = SpanOf(request);
  if (!span.ok()) return span.status();
  const absl::StatusOr<std::string> id = reader.FindSweep(IdOf(request));
  if (!id.ok()) return id.status();
  std::string metric = request.Query("metric");
  if (metric.empty()) {
    const absl::StatusOr<store::SweepView> sweep = reader.Sweep(*id);
    if (!sweep.ok()) return sweep.status();
    metric = sweep->metric_name;
  }
  return SweepSeries{*id, metric, *points, *span};
}

absl::StatusOr<Reply> ReadCurves(store::Reader& reader, const Request& request) {
  const absl::StatusOr<SweepSeries> asked = SweepSeriesOf(reader, request);
  if (!asked.ok()) return asked.status();
  const auto curves = reader.Curves(asked->sweep, asked->metric, asked->points, asked->span);
  if (!curves.ok()) return curves.status();
  return JsonReply({{"metric", asked->metric}, {"series", ListJson(*curves, CurveJson)}});
}

absl::StatusOr<Reply> ReadBands(store::Reader& reader, const Request& request) {
  const absl::StatusOr<SweepSeries> asked = SweepSeriesOf(reader, request);
  if (!asked.ok()) return asked.status();
  const auto bands = reader.Bands(asked->sweep, asked->metric, asked->points, asked->span);
  if (!bands.ok()) return bands.status();
  return JsonReply({{"metric", asked->metric}, {"bands", ListJson(*bands, BandJson)}});
}

absl::StatusOr<Reply> ReadCosts(store::Reader& reader, const Request& request) {
  const absl::StatusOr<std::string> id = reader.FindSweep(IdOf(request));
  if (!id.ok()) return id.status();
  const auto costs = reader.Costs(*id);
  if (!costs.ok()) return costs.status();
  return JsonReply({{"costs", ListJson(*costs, CostJson)}});
}

absl::StatusOr<Reply> ReadMetrics(store::Reader& reader, const Request& request) {
  const absl::StatusOr<size_t> points = CountOf(request, "points", 500, kMaxPoints);
  if (!points.ok()) return points.status();
  const absl::StatusOr<store::StepSpan> span = SpanOf(request);
  if (!span.ok()) return span.status();
  const absl::StatusOr<std::string> id = reader.FindTrial(IdOf(request));
  if (!id.ok()) return id.status();
  const auto series = reader.Metrics(*id, request.Query("name"), *points, *span);
  if (!series.ok()) return series.status();
  return JsonReply({{"series", SeriesJson(*series)}});
}

absl::StatusOr<Reply> ReadHappenings(store::Reader& reader, const Request& request, uint64_t cursor) {
  const absl::StatusOr<size_t> limit = CountOf(request, "limit", 100, kMaxHappenings);
  if (!limit.ok()) return limit.status();
  const auto happenings = reader.Happenings(*limit);
  if (!happenings.ok()) return happenings.status();
  return JsonReply({{"cursor", cursor}, {"events", ListJson(*happenings, HappeningJson)}});
}

}  // namespace

void ApiReads::Curves(const Request& request, Done done) { done(ReplyOf(ReadCurves(reader_, request))); }
void ApiReads::Bands(const Request& request, Done done) { done(ReplyOf(ReadBands(reader_, request))); }
void ApiReads::Costs(const Request& request, Done done) { done(ReplyOf(ReadCosts(reader_, request))); }
void ApiReads::Metrics(const Request& request, Done done) { done(ReplyOf(ReadMetrics(reader_, request))); }
void ApiReads::Events(const Request& request, Done done) {
  done(ReplyOf(ReadHappenings(reader_, request, live_.Cursor())));
}

}  // namespace plasa::http
