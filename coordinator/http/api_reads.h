// The reading half of the API: queries of the store, with the core's judgement laid over them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/commands.h"
#include "coordinator/http/message.h"
#include "coordinator/http/verdict_reads.h"
#include "coordinator/live.h"
#include "coordinator/store/read.h"
#include "coordinator/store/read_pool.h"

namespace plasa::http {

// Lives on the HTTP thread. Each call answers once: with the page, or with the error the reader or the core gave.
class ApiReads {
 public:
  // All must outlive the calls. `slow` has one thread, for what takes longer than a page may.
  ApiReads(Commands& commands, store::Reader& reader, store::ReadPool& slow, const LiveFeed& live)
      : commands_(commands),
        reader_(reader),
        live_(live),
        slow_(slow),
        verdicts_(std::make_shared<VerdictReads>(live)) {}

  void Sweeps(const Request& request, Done done);
  void Workers(const Request& request, Done done);
  void Events(const Request& request, Done done);
  void Leaderboard(const Request& request, Done done);
  // These are about the sweep or trial that IdOf names.
  void Sweep(const Request& request, Done done);
  void Curves(const Request& request, Done done);
  void Verdicts(const Request& request, Done done);
  void Bands(const Request& request, Done done);
  void Costs(const Request& request, Done done);
  void Trial(const Request& request, Done done);
  void Metrics(const Request& request, Done done);
  void Log(const Request& request, Done done);

 private:
  // The page of a sweep whose trials have all ended: the same until something changes, and of 1,800 trials not small.
  struct EndedSweep {
    std::string id;
    bool whole = false;  // with all of its trials
    uint64_t cursor = 0;
    Reply reply;
  };

  // Asks the core about `trials`; `make` writes the reply on the HTTP thread.
  void WithJudgements(std::vector<std::string> trials, Done done, std::function<Reply(const Judgements&)> make);

  Commands& commands_;
  store::Reader& reader_;
  const LiveFeed& live_;
  store::ReadPool& slow_;
  const std::shared_ptr<VerdictReads> verdicts_;  // used on the pool's one thread
  EndedSweep ended_;                              // the one read last
};

// The segment that names a sweep or trial: /api/v1/sweeps/ID, /api/v1/trials/ID.
[[nodiscard]] inline const std::string& IdOf(const Request& request) { return request.path.at(3); }

}  // namespace plasa::http
