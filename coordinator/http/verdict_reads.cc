#include "coordinator/http/verdict_reads.h"

#include <boost/json/object.hpp>
#include <set>

#include "analysis/answers.h"
#include "analysis/verdicts_value.h"
#include "common/runtime/json.h"
#include "coordinator/http/json_reply.h"

namespace plasa::http {
namespace {

constexpr size_t kMaxSweeps = 16;  // answers kept

Reply ReplyOf(const analysis::Answers& answers) {
  Reply reply;
  reply.body = Value(analysis::VerdictsValue(answers)).CanonicalJson();
  return reply;
}

}  // namespace

absl::StatusOr<Reply> VerdictReads::Read(store::Reader& reader, const std::string& text) {
  const uint64_t cursor = live_.Cursor();
  const absl::StatusOr<std::string> sweep = reader.FindSweep(text);
  if (!sweep.ok()) return sweep.status();
  if (const auto known = answered_.find(*sweep); known != answered_.end()) {
    const absl::StatusOr<bool> holds = HoldsSince(reader, known->second.cursor);
    if (!holds.ok()) return holds.status();
    if (*holds) known->second.cursor = cursor;
    if (*holds) return known->second.reply;
  }
  absl::StatusOr<Reply> reply = Compute(reader, *sweep);
  if (!reply.ok()) return reply;
  if (answered_.size() >= kMaxSweeps) answered_.clear();
  answered_[*sweep] = {cursor, *reply};
  return reply;
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
  if (questions->empty()) return ReplyOf(analysis::AnswersTo(*questions, {}));
  const auto own = records_.Own(reader, sweep);
  if (!own.ok()) return own.status();
  const auto related = records_.Related(reader, sweep);
  if (!related.ok()) return related.status();
  return ReplyOf(analysis::AnswersTo(*questions, *own, *related));
}

}  // namespace plasa::http
