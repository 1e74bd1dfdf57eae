// The shim of one slot: parent of the slot's trainer, so that the trainer does not depend on the worker daemon.
//
// One daemon at a time talks to it over slots/<i>/sock, in lines of words (words.h); the newest connection wins.
//   daemon:  run DIR PROGRAM ARG…   → started DIR PID | refused DIR REASON
//            signal N               (SIGUSR1 to the trainer alone, any other to its process group)
//            state                  → idle | running DIR PID
//            quit                   leaves when idle; else → busy
//   by itself: the greeting and the state after connecting, and  ended DIR CODE SIGNAL  once exit.json is in place.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>

#include "worker/shim/words.h"

namespace plasa::shim {

// Single-threaded. Owned by main; lives until Run returns.
class Server {
 public:
  // Precondition: the working directory is the slot's directory, which is how the socket's path stays short.
  Server() = default;
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Takes the slot and listens. False with a sentence when another shim has it, or on a system error.
  [[nodiscard]] bool Start(std::string* error);
  // Serves until told to quit, SIGTERM, or idle with the slot's directory gone. A running trainer is never left behind.
  void Run();

 private:
  struct Attempt {
    std::string dir;
    pid_t pid = 0;  // 0 = idle
    long oom_kills_before = 0;
    std::chrono::steady_clock::time_point started;
  };

  [[nodiscard]] bool Listen();
  [[nodiscard]] bool StillOwnsSlot() const;
  void OnSignals();
  void OnConnect();
  void OnClientReadable();
  void OnLine(const std::string& line);
  void OnRun(const Words& words);
  void OnSignalCommand(const Words& words);
  void OnTrainerEnd(int status);
  void Send(const Words& words);
  void SendState();
  void DropClient();

  int lock_fd_ = -1;
  int listen_fd_ = -1;
  int signal_fd_ = -1;
  int client_fd_ = -1;
  ino_t socket_inode_ = 0;
  bool quitting_ = false;
  std::string input_;
  Attempt attempt_;
};

}  // namespace plasa::shim
