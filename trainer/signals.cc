#include "trainer/signals.h"

#include <csignal>

namespace plasa::trainer {
namespace {

volatile std::sig_atomic_t checkpoint_requested = 0;
volatile std::sig_atomic_t leave_requested = 0;

void OnCheckpoint(int) { checkpoint_requested = 1; }
void OnLeave(int) { leave_requested = 1; }

void Handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigaction(signal, &action, nullptr);
}

}  // namespace

void InstallSignalHandlers() {
  Handle(SIGUSR1, OnCheckpoint);
  Handle(SIGTERM, OnLeave);
  Handle(SIGINT, OnLeave);
}

bool TakeCheckpointRequest() {
  const bool requested = checkpoint_requested != 0;
  checkpoint_requested = 0;
  return requested;
}

bool LeaveRequested() { return leave_requested != 0; }

}  // namespace plasa::trainer
