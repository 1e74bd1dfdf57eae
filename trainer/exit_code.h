// How a trainer's exit code tells its cause (docs/trainer-interface.md).
#pragma once

namespace plasa::trainer {

enum class ExitCode {
  kSucceeded = 0,
  kCrashed = 1,    // something broke that another attempt may survive
  kUserError = 2,  // the configuration cannot run
  kData = 3,       // missing or unreadable data
  kAudit = 4,      // a strict run failed an audit
  kOutOfMemory = 5,
  kPreempted = 75,  // checkpoint written on SIGTERM
};

}  // namespace plasa::trainer
