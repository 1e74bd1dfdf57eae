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

Interrupt::Interrupt() {
  g_requests = 0;
  Handle(SIGINT, OnSignal);
  Handle(SIGTERM, OnSignal);
}

Interrupt::~Interrupt() {
  Handle(SIGINT, SIG_DFL);
  Handle(SIGTERM, SIG_DFL);
}

int Interrupt::Requested() const { return g_requests; }

void Interrupt::Sleep(double seconds) const {
  if (g_requests == 0) poll(nullptr, 0, static_cast<int>(seconds * 1000));
}

}  // namespace plasa::cli
