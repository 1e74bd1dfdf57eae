#include "coordinator/store_committer.h"

#include <utility>

#include "coordinator/store/effects_writer.h"

namespace plasa {

void StoreCommitter::Post(std::shared_ptr<const coordinator::Effects> effects, Done done) {
  auto written = std::make_shared<store::Written>();
  store::WriteJob job;
  if (!effects->writes.empty()) {
    job.apply = [effects, written](store::Queries& queries) {
      *written = {};  // a full disk makes it run twice
      return store::ApplyWrites(effects->writes, queries, written.get());
    };
  }
  job.done = [written, done = std::move(done)](const absl::Status& committed) { done(committed, *written); };
  writer_.Post(std::move(job));
}

}  // namespace plasa
