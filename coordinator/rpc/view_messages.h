// Views of the store and the core as messages of model.proto and control.proto.
#pragma once

#include <vector>

#include "coordinator/commands.h"
#include "coordinator/store/views.h"
#include "plasa/v1/control.pb.h"

namespace plasa::rpc {

void Fill(const store::TrialView& view, v1::Trial* message);
void Fill(const store::SweepView& view, v1::Sweep* message);
void Fill(const store::TrialDetailView& view, v1::GetTrialReply* message);
void Fill(const store::CheckpointView& view, v1::Checkpoint* message);
void Fill(const store::LogView& view, v1::GetLogReply* message);
void Fill(const std::vector<store::SeriesView>& views, v1::GetMetricsReply* message);
void Fill(const WorkerView& view, v1::WorkerView* message);

// The enumerator a cause's word ("KILLED") stands for; CAUSE_NONE for the empty word.
[[nodiscard]] v1::Cause CauseOf(const std::string& word);
[[nodiscard]] std::string CauseWord(v1::Cause cause);

}  // namespace plasa::rpc
