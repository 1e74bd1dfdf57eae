#include "random_line.h"

#include <array>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace plasa::coordinator {
namespace {

using Random = std::mt19937;

int Below(Random& random, int n) { return static_cast<int>(random() % static_cast<uint32_t>(n)); }

std::string AnyWorker(Random& random) { return std::string(1, static_cast<char>('a' + Below(random, 3))); }

// Tokens the worker holds; now and then it has forgotten one.
std::vector<uint64_t> Held(const Core& core, const std::string& worker, Random& random) {
  std::vector<uint64_t> tokens;
  const auto found = core.state().workers.find(worker);
  if (found == core.state().workers.end()) return tokens;
  for (const uint64_t token : found->second.tokens) {
    if (Below(random, 10) > 0) tokens.push_back(token);
  }
  return tokens;
}

uint64_t AnyToken(const Core& core, const std::string& worker, Random& random) {
  const std::vector<uint64_t> held = Held(core, worker, random);
  if (!held.empty() && Below(random, 8) > 0)
    return held[static_cast<size_t>(Below(random, static_cast<int>(held.size())))];
  return 1 + static_cast<uint64_t>(Below(random, static_cast<int>(core.state().last_token) + 1));
}

uint64_t AckedOf(const Core& core, uint64_t token) {
  const auto attempt = core.state().attempts.find(token);
  return attempt == core.state().attempts.end() ? 0 : attempt->second.acked_seq;
}

std::string Report(const Core& core, Random& random) {
  const std::string worker = AnyWorker(random);
  const uint64_t token = AnyToken(core, worker, random);
  const uint64_t acked = AckedOf(core, token);
  const int64_t step = static_cast<int64_t>(acked);
  const std::string line =
      absl::StrCat("report ", worker, " ", token, " from=", acked + (Below(random, 10) == 0 ? 3 : 1));
  if (acked == 0) return line + " start@0";
  constexpr std::array<const char*, 4> kEvents = {" metric:loss=1@", " audit:1:ok@", " audit:2:bad@", " result@"};
  return absl::StrCat(line, kEvents[static_cast<size_t>(Below(random, 4))], step, " metric:loss=", Below(random, 9),
                      "@", step + 1);
}

std::string Exchange(const Core& core, Random& random) {
  const std::string worker = AnyWorker(random);
  const std::vector<uint64_t> held = Held(core, worker, random);
  std::string line = absl::StrCat("exchange ", worker, " free=", Below(random, 2) == 0 ? "0,1" : "1",
                                  " held=", absl::StrJoin(held, ","), " wait=", Below(random, 3), "s");
  if (!held.empty() && Below(random, 2) == 0) {
    constexpr std::array<const char*, 6> kEnds = {"ok",        "KILLED",     "TRAINER_CRASH",
                                                  "PREEMPTED", "USER_ERROR", "WORKER_LOST"};
    absl::StrAppend(&line, " finished=", held[0], ":", kEnds[static_cast<size_t>(Below(random, 6))], "@",
                    AckedOf(core, held[0]));
  }
  return line;
}

std::string Submit(Random& random) {
  constexpr std::array<const char*, 3> kNames = {"s", "t", "u"};
  const int which = Below(random, 3);
  return absl::StrCat("submit ", kNames[static_cast<size_t>(which)], " x=",
                      which == 0   ? "1,2"
                      : which == 1 ? "2,3"
                                   : "3,4,5",
                      which == 0 ? "" : " early=\"min_iter\":1,\"eta\":2", " lost_after=10s priority=", which, " id=r",
                      random() % 50);
}

// Two seeds behind those that every sweep has; now and then more than once, or to one cell alone.
std::string AddSeeds(const Core& core, Random& random) {
  if (core.state().sweeps.empty()) return Submit(random);
  constexpr std::array<const char*, 3> kNames = {"s", "t", "u"};
  const int first = 2 + Below(random, 3);
  return absl::StrCat("seeds ", kNames[static_cast<size_t>(Below(random, 3))], " ", first, ",", first + 1,
                      Below(random, 3) == 0 ? " x=2" : "", Below(random, 5) == 0 ? " rule" : "",
                      Below(random, 5) == 0 ? " known=0" : "");
}

std::string Cancel(const Core& core, Random& random) {
  constexpr std::array<const char*, 3> kNames = {"s", "t", "u"};
  const std::string sweep = kNames[static_cast<size_t>(Below(random, 3))];
  for (const auto& [id, known] : core.state().sweeps) {
    if (known.record.name == sweep) return (Below(random, 3) == 0 ? "retry sweep " : "cancel sweep ") + sweep;
  }
  return Submit(random);
}

}  // namespace

std::string RandomLine(const Core& core, Random& random) {
  const std::string worker = AnyWorker(random);
  switch (Below(random, 17)) {
    case 0:
      return absl::StrCat("worker ", worker, " slots=2 trainers=steps class=", Below(random, 2) == 0 ? "c" : "d",
                          " held=", absl::StrJoin(Held(core, worker, random), ","));
    case 1:
      return Submit(random);
    case 2:
      return Cancel(core, random);
    case 3:
      return absl::StrCat("advance ", 1 + Below(random, 6), "s");
    case 4:
      return Below(random, 3) == 0 ? absl::StrCat("drain ", worker) : absl::StrCat("undrain ", worker);
    case 5:
      return Below(random, 3) == 0 ? absl::StrCat("goodbye ", worker) : "restart";
    case 6: {
      const uint64_t token = AnyToken(core, worker, random);
      return absl::StrCat("publish ", worker, " ", token, " step=", Below(random, 20), " seq=", AckedOf(core, token));
    }
    case 7:
    case 8:
      return absl::StrCat("renew ", worker, " ", absl::StrJoin(Held(core, worker, random), ","));
    case 9:
    case 10:
    case 11:
      return Exchange(core, random);
    case 12:
      return AddSeeds(core, random);
    default:
      return Report(core, random);
  }
}

}  // namespace plasa::coordinator
