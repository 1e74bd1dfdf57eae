// Ctrl-C as something a loop can ask about.
#pragma once

namespace plasa::cli {

// While it lives, SIGINT and SIGTERM set a flag in place of ending the process. One at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // How many signals came.
  [[nodiscard]] int Requested() const;
  // Returns early when a signal comes.
  void Sleep(double seconds) const;
};

}  // namespace plasa::cli
