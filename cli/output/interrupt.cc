#include "cli/output/interrupt.h"

#include <poll.h>
#include <signal.h>

namespace plasa::cli {
namespace {

volatile sig_atomic_t g_requests = 0;

void OnSignal(int) { g_requests = g_requests + 1; }

void Handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;  // without SA_RESTART: a sleeping poll returns
  sigaction(signal, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt(std::initializer_list<int> also) : signals_{SIGINT, SIGTERM} {
  signals_.insert(signals_.end(), also);
  g_requests = 0;
  for (const int signal : signals_) Handle(signal, OnSignal);
}

Interrupt::~Interrupt() {
  for (const int signal : signals_) Handle(signal, SIG_DFL);
}

int Interrupt::Requested() const { return g_requests; }

void Interrupt::Sleep(double seconds) const {
  if (g_requests == 0) Pause(seconds);
}

void Interrupt::Pause(double seconds) const { poll(nullptr, 0, static_cast<int>(seconds * 1000)); }

}  // namespace plasa::cli
