#include "coordinator/publishing.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace plasa {
namespace {

// Every file a checkpoint stands on: those it lists, and its MANIFEST.
std::vector<std::string> DigestsOf(const CheckpointRef& checkpoint) {
  std::vector<std::string> digests{checkpoint.digest};
  for (const CheckpointFileRef& file : checkpoint.files) digests.push_back(file.sha256);
  return digests;
}

// Empty, or what is not there.
std::string MissingFile(const Artifacts& artifacts, const CheckpointRef& checkpoint) {
  if (!artifacts.Has(checkpoint.digest)) return "MANIFEST was not uploaded";
  for (const CheckpointFileRef& file : checkpoint.files) {
    if (!artifacts.Has(file.sha256, file.size)) return absl::StrCat(file.name, " was not uploaded");
  }
  return "";
}

}  // namespace

void PublishStored(Artifacts& artifacts, Commands& commands, PublishCommand command, Answer<PublishOutcome> answer) {
  const std::vector<std::string> digests = DigestsOf(command.checkpoint);
  artifacts.Pin(digests);
  if (std::string missing = MissingFile(artifacts, command.checkpoint); !missing.empty()) {
    artifacts.Unpin(digests);
    return answer(PublishOutcome{false, std::move(missing)});
  }
  commands.Publish(std::move(command), [digests, &artifacts, answer = std::move(answer)](auto outcome) {
    artifacts.Unpin(digests);
    answer(std::move(outcome));
  });
}

}  // namespace plasa
