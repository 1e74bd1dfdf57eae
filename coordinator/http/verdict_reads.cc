#include "coordinator/http/verdict_reads.h"

#include <boost/json/object.hpp>
#include <set>

#include "analysis/answers.h"
#include "analysis/leaderboard.h"
#include "analysis/verdicts_value.h"
#include "common/runtime/json.h"
#include "coordinator/http/json_reply.h"

namespace plasa::http {
namespace {

constexpr size_t kMaxAnswers = 16;

Reply ReplyOf(const Value& value) {
  Reply reply;
  reply.body = value.CanonicalJson();
  return reply;
}

}  // namespace

template <class Make>
absl::StatusOr<Reply> VerdictReads::Answer(store::Reader& reader, const std::string& key, Make make) {
  const uint64_t cursor = live_.Cursor();
  if (const auto known = answered_.find(key); known != answered_.end()) {
    const absl::StatusOr<bool> holds = HoldsSince(reader, known->second.cursor);
    if (!holds.ok()) return holds.status();
    if (*holds) known->second.cursor = cursor;
    if (*holds) return known->second.reply;
  }
  absl::StatusOr<Reply> reply = make();
  if (!reply.ok()) return reply;
  if (answered_.size() >= kMaxAnswers) answered_.clear();
  answered_[key] = {cursor, *reply};
  return reply;
}

absl::StatusOr<Reply> VerdictReads::Read(store::Reader& reader, const std::string& text) {
  const absl::StatusOr<std::string> sweep = reader.FindSweep(text);
  if (!sweep.ok()) return sweep.status();
  return Answer(reader, *sweep, [&] { return Compute(reader, *sweep); });
}

absl::StatusOr<Reply> VerdictReads::Leaderboard(store::Reader& reader) {
  return Answer(reader, "", [&]() -> absl::StatusOr<Reply> {
    const auto trials = records_.OfPreset(reader, analysis::kBenchmarkPreset);
    if (!trials.ok()) return trials.status();
    return ReplyOf(analysis::BoardsValue(analysis::BoardsOf(*trials)));
  });
}

absl::StatusOr<bool> VerdictReads::HoldsSince(store::Reader& reader, uint64_t cursor) {
  std::vector<LiveChange> changes;
  if (!live_.ReadSince(cursor, &changes)) return false;
  std::set<std::string> touched;
  for (const LiveChange& change : changes) touched.insert(change.trials.begin(), change.trials.end());
  const auto judged = reader.Judged(touched);
  if (!judged.ok()) return judged.status();
  return judged->empty();
}

absl::StatusOr<Reply> VerdictReads::Compute(store::Reader& reader, const std::string& sweep) {
  const absl::StatusOr<store::SweepView> view = reader.Sweep(sweep);
  if (!view.ok()) return view.status();
  const auto questions = analysis::QuestionsOf(ToValue(ParseObjectOrEmpty(view->spec_json)));
  if (!questions.ok()) return absl::InvalidArgumentError(questions.error().Text());
  if (questions->empty()) return ReplyOf(analysis::VerdictsValue(analysis::AnswersTo(*questions, {})));
  const auto own = records_.Own(reader, sweep);
  if (!own.ok()) return own.status();
  const auto related = records_.Related(reader, sweep);
  if (!related.ok()) return related.status();
  return ReplyOf(analysis::VerdictsValue(analysis::AnswersTo(*questions, *own, *related)));
}

}  // namespace plasa::http
