#include "coordinator/core/certificate.h"

#include "absl/strings/str_cat.h"
#include "common/base/resume_chain.h"

namespace plasa::coordinator {
namespace {

// Empty, or how `now` differs from `before`.
std::string Change(const char* what, const std::string& before, const std::string& now) {
  return before == now ? "" : absl::StrCat(what, " is \"", now, "\", it was \"", before, "\"");
}

// Empty, or why what the attempt says it began with is not what was published.
std::string WhyNotLinked(const StartFacts& start, int64_t step, const std::optional<PublishedCheckpoint>& published) {
  if (!published) return absl::StrCat("loaded ", start.checkpoint, ", but nothing was published");
  const CheckpointRef& ref = published->ref;
  if (ref.digest != start.checkpoint)
    return absl::StrCat("loaded ", start.checkpoint, ", but what was published is ", ref.digest);
  if (ref.step != step) return absl::StrCat("goes on from step ", step, ", but what it loaded is of step ", ref.step);
  // Its maker attested nothing (an earlier plasa, another trainer): there is nothing to compare with.
  if (published->certificate.chain.empty()) return "";
  for (const std::string& change :
       {Change("its hardware class", published->certificate.hardware_class, start.hardware_class),
        Change("its build", published->build, start.build),
        Change("its data", published->data_digest, start.data_digest)}) {
    if (!change.empty()) return change;
  }
  return "";
}

}  // namespace

ResumeCertificate Certify(const AttemptRecord& attempt, const StartFacts& start, int64_t step,
                          const std::optional<PublishedCheckpoint>& published) {
  ResumeCertificate certificate;
  certificate.loaded = start.checkpoint;
  certificate.hardware_class = start.hardware_class;
  if (start.checkpoint.empty()) {
    if (step == 0)
      certificate.chain = FirstResumeLink(attempt.trial, start.hardware_class, start.build, start.data_digest);
    return certificate;
  }
  const std::string why = WhyNotLinked(start, step, published);
  if (!why.empty()) {
    certificate.objection = absl::StrCat("attempt ", attempt.number, ": ", why);
    return certificate;
  }
  certificate.from = published->number;
  certificate.objection = published->certificate.objection;
  const std::string& before = published->certificate.chain;
  if (!before.empty()) certificate.chain = NextResumeLink(before, published->ref.step, published->ref.digest);
  return certificate;
}

}  // namespace plasa::coordinator
