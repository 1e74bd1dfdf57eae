// Faults of the product that the simulation must find, planted at the doors between its rooms.
#pragma once

#include <array>

namespace plasa::sim {

enum class Bug {
  kNone,
  kNoTokenCheck,          // a report of a stale token counts for the trial's current attempt
  kAckBeforeCommit,       // answers leave before the commit
  kWallClockLeases,       // leases are judged by the calendar
  kForgetDirectorySync,   // artifacts are renamed into place without fsync of the directory
  kRenewalsBehindWriter,  // a renewal waits for the commits before it
  kStartStepLate,         // an attempt's row is not in the transaction of its first events
  kPublishBeforeAck,      // a checkpoint is published although events before it are missing
  kNoGapCheck,            // a report with a gap before it is taken
  kFinishBeforeEvents,    // a report counts as acknowledged when it was sent, and an end is accepted without its events
  kStallIsSilence,        // the coordinator's own stall counts as the workers' silence
  kRestoreWithoutJump,    // a restored backup gives its tokens again
  kFullDiskIsSuccess,     // a commit that found no room is reported as done
  kForgetReplies,         // what a request was answered is not kept
  kKillAtStart,           // a starting daemon ends the trainers it finds
  kLostLeaseStays,        // a lease whose reply was lost is not sent again
  kCancelNotDurable,      // cancellations are kept in memory only
  kEvictSilent,           // lost as soon as suspect
};

struct PlantedBug {
  Bug bug;
  const char* name;
};
inline constexpr std::array<PlantedBug, 17> kPlantedBugs = {{
    {Bug::kNoTokenCheck, "no-token-check"},
    {Bug::kAckBeforeCommit, "ack-before-commit"},
    {Bug::kWallClockLeases, "wall-clock-leases"},
    {Bug::kForgetDirectorySync, "forget-directory-sync"},
    {Bug::kRenewalsBehindWriter, "renewals-behind-writer"},
    {Bug::kStartStepLate, "start-step-late"},
    {Bug::kPublishBeforeAck, "publish-before-ack"},
    {Bug::kNoGapCheck, "no-gap-check"},
    {Bug::kFinishBeforeEvents, "finish-before-events"},
    {Bug::kStallIsSilence, "stall-is-silence"},
    {Bug::kRestoreWithoutJump, "restore-without-jump"},
    {Bug::kFullDiskIsSuccess, "full-disk-is-success"},
    {Bug::kForgetReplies, "forget-replies"},
    {Bug::kKillAtStart, "kill-at-start"},
    {Bug::kLostLeaseStays, "lost-lease-stays"},
    {Bug::kCancelNotDurable, "cancel-not-durable"},
    {Bug::kEvictSilent, "evict-silent"},
}};

}  // namespace plasa::sim
