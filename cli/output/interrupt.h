// Ctrl-C as something a loop can ask about.
#pragma once

#include <initializer_list>
#include <vector>

namespace plasa::cli {

// While it lives, SIGINT, SIGTERM and `also` set a flag in place of ending the process. One at a time.
class Interrupt {
 public:
  explicit Interrupt(std::initializer_list<int> also = {});
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // How many signals came.
  [[nodiscard]] int Requested() const;
  // Returns early when a signal comes.
  void Sleep(double seconds) const;
  // Sleeps also where signals have come before; returns early when one comes now.
  void Pause(double seconds) const;

 private:
  std::vector<int> signals_;
};

}  // namespace plasa::cli
