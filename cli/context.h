// What a verb needs to do its work: the global options, the printer, and the coordinator when it asks for one.
#pragma once

#include <filesystem>
#include <memory>

#include "absl/status/statusor.h"
#include "cli/globals.h"
#include "cli/output/printer.h"

namespace plasa::cli {

class ControlClient;

// One invocation of plasactl. Main thread only. gRPC is not touched before Coordinator() is called.
class Context {
 public:
  Context(const Globals& globals, Printer* printer);
  ~Context();

  [[nodiscard]] const Globals& globals() const { return globals_; }
  [[nodiscard]] Printer& out() { return *printer_; }
  [[nodiscard]] std::filesystem::path state_dir() const;

  // The coordinator's client, made at the first call. Says where none is to be found.
  [[nodiscard]] absl::StatusOr<ControlClient*> Coordinator();
  // Looks up address and token again at the next Coordinator(): a restarted coordinator may have moved.
  void Reconnect();

 private:
  const Globals& globals_;
  Printer* const printer_;
  std::unique_ptr<ControlClient> client_;
};

}  // namespace plasa::cli
