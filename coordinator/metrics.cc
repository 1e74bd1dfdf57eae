#include "coordinator/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <string>
#include <vector>

namespace plasa {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Histogram;

constexpr size_t kMaxSweeps = 50;

Histogram::BucketBoundaries Seconds() {
  return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}
Histogram::BucketBoundaries Counts() { return {1, 2, 4, 8, 16, 32, 64, 128, 256}; }

std::string Text(absl::string_view text) { return std::string(text); }

}  // namespace

struct Metrics::Families {
  explicit Families(prometheus::Registry& r)
      : leases(BuildCounter().Name("plasa_leases_total").Help("Leases by what became of them.").Register(r)),
        points(BuildCounter().Name("plasa_points_total").Help("Metric points that arrived.").Register(r)),
        audits(BuildCounter().Name("plasa_audit_failures_total").Help("Audits that failed.").Register(r).Add({})),
        commit(BuildHistogram()
                   .Name("plasa_commit_seconds")
                   .Help("Time of a durable commit.")
                   .Register(r)
                   .Add({}, Seconds())),
        grouped(BuildHistogram()
                    .Name("plasa_commit_commands")
                    .Help("Commands in one commit.")
                    .Register(r)
                    .Add({}, Counts())),
        calls(BuildCounter().Name("plasa_rpc_total").Help("Calls by method and status code.").Register(r)),
        call_seconds(
            BuildHistogram().Name("plasa_rpc_seconds").Help("Time of a call, long polls included.").Register(r)),
        trials(BuildGauge().Name("plasa_trials").Help("Trials by state.").Register(r)),
        workers(BuildGauge().Name("plasa_workers").Help("Workers by state.").Register(r)),
        slots(BuildGauge().Name("plasa_slots").Help("Slots of live workers by state.").Register(r)),
        queue_age(
            BuildGauge().Name("plasa_queue_age_seconds").Help("Age of the longest waiting trial.").Register(r).Add({})),
        wal_bytes(BuildGauge().Name("plasa_wal_bytes").Help("Size of the write-ahead log.").Register(r).Add({})),
        read_only(BuildGauge()
                      .Name("plasa_read_only")
                      .Help("1 while nothing can be written (full disk).")
                      .Register(r)
                      .Add({})),
        best(BuildGauge().Name("plasa_best_objective").Help("Best objective of the newest sweeps.").Register(r)) {
    for (const char* what : {"granted", "expired", "fenced"}) leases.Add({{"what", what}});
    for (const char* what : {"ingested", "duplicate", "conflicting"}) points.Add({{"what", what}});
  }

  prometheus::Family<prometheus::Counter>& leases;
  prometheus::Family<prometheus::Counter>& points;
  prometheus::Counter& audits;
  Histogram& commit;
  Histogram& grouped;
  prometheus::Family<prometheus::Counter>& calls;
  prometheus::Family<Histogram>& call_seconds;
  prometheus::Family<prometheus::Gauge>& trials;
  prometheus::Family<prometheus::Gauge>& workers;
  prometheus::Family<prometheus::Gauge>& slots;
  prometheus::Gauge& queue_age;
  prometheus::Gauge& wal_bytes;
  prometheus::Gauge& read_only;
  prometheus::Family<prometheus::Gauge>& best;
};

Metrics::Metrics(const std::string& version)
    : registry_(std::make_shared<prometheus::Registry>()), families_(std::make_unique<Families>(*registry_)) {
  auto& build = BuildGauge().Name("plasa_build_info").Help("Version of the coordinator.").Register(*registry_);
  build.Add({{"version", version}}).Set(1);
}

Metrics::~Metrics() = default;

void Metrics::CountLeases(absl::string_view what, uint64_t count) {
  if (count > 0) families_->leases.Add({{"what", Text(what)}}).Increment(static_cast<double>(count));
}

void Metrics::CountPoints(absl::string_view what, uint64_t count) {
  if (count > 0) families_->points.Add({{"what", Text(what)}}).Increment(static_cast<double>(count));
}

void Metrics::CountAuditFailures(uint64_t count) { families_->audits.Increment(static_cast<double>(count)); }

void Metrics::ObserveCommit(double seconds, size_t commands) {
  families_->commit.Observe(seconds);
  families_->grouped.Observe(static_cast<double>(commands));
}

void Metrics::ObserveCall(absl::string_view method, absl::string_view code, double seconds) {
  const std::pair<std::string, std::string> key(method, code);
  const std::lock_guard lock(mutex_);
  auto [found, fresh] = calls_.try_emplace(key);
  if (fresh) {
    found->second.calls = &families_->calls.Add({{"method", key.first}, {"code", key.second}});
    found->second.seconds = &families_->call_seconds.Add({{"method", key.first}}, Seconds());
  }
  found->second.calls->Increment();
  found->second.seconds->Observe(seconds);
}

void Metrics::SetTrials(absl::string_view state, double count) {
  families_->trials.Add({{"state", Text(state)}}).Set(count);
}

void Metrics::SetWorkers(absl::string_view state, double count) {
  families_->workers.Add({{"state", Text(state)}}).Set(count);
}

void Metrics::SetSlots(absl::string_view state, double count) {
  families_->slots.Add({{"state", Text(state)}}).Set(count);
}

void Metrics::SetQueueAge(double seconds) { families_->queue_age.Set(seconds); }

void Metrics::SetWalBytes(double bytes) { families_->wal_bytes.Set(bytes); }

void Metrics::SetReadOnly(bool read_only) { families_->read_only.Set(read_only ? 1 : 0); }

void Metrics::SetBest(const std::map<std::string, double>& best_by_sweep) {
  const std::lock_guard lock(mutex_);
  for (auto old = best_.begin(); old != best_.end();) {
    if (best_by_sweep.count(old->first) == 0) {
      families_->best.Remove(old->second);
      old = best_.erase(old);
    } else {
      ++old;
    }
  }
  for (const auto& [sweep, value] : best_by_sweep) {
    if (best_.count(sweep) == 0 && best_.size() >= kMaxSweeps) continue;
    prometheus::Gauge*& gauge = best_[sweep];
    if (gauge == nullptr) gauge = &families_->best.Add({{"sweep", sweep}});
    gauge->Set(value);
  }
}

}  // namespace plasa
