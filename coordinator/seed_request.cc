#include "coordinator/seed_request.h"

#include "absl/strings/str_cat.h"

namespace plasa {

absl::StatusOr<AddSeedsCommand> MoreSeedsOf(store::Reader& reader, const std::string& text, uint32_t count) {
  if (count < 1 || count > kMostSeedsAtOnce)
    return absl::InvalidArgumentError(absl::StrCat("the number of seeds must be 1 to ", kMostSeedsAtOnce));
  const auto id = reader.FindSweep(text);
  if (!id.ok()) return id.status();
  const auto sweep = reader.Sweep(*id);
  if (!sweep.ok()) return sweep.status();
  const auto last = reader.LargestSeed(*id);
  if (!last.ok()) return last.status();
  AddSeedsCommand command;
  command.sweep = *id;
  command.spec_json = sweep->spec_json;
  command.known = sweep->replication.added.size();
  command.why = "asked for by a user";
  for (uint32_t i = 1; i <= count; ++i) command.seeds.push_back(*last + i);
  return command;
}

}  // namespace plasa
