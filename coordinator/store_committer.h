// Commits to the database of the state directory.
#pragma once

#include <functional>
#include <memory>

#include "coordinator/committer.h"
#include "coordinator/store/writer.h"

namespace plasa {

// Borrows the writer. Thread-safe.
class StoreCommitter final : public Committer {
 public:
  // Reads the state back from the database.
  using LoadState = std::function<absl::StatusOr<coordinator::State>()>;

  StoreCommitter(store::Writer& writer, LoadState load) : writer_(writer), load_(std::move(load)) {}

  void Post(std::shared_ptr<const coordinator::Effects> effects, Done done) override;
  [[nodiscard]] size_t Depth() const override { return writer_.Depth(); }
  void AwaitIdle() override { writer_.AwaitIdle(); }
  [[nodiscard]] absl::Status Resume() override { return writer_.Resume(); }
  [[nodiscard]] absl::StatusOr<coordinator::State> Load() override { return load_(); }

 private:
  store::Writer& writer_;
  const LoadState load_;
};

}  // namespace plasa
