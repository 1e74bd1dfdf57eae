// How the readers of a sweep file give up. Thrown and caught inside this room; callers see an Error.
#pragma once

#include <string>
#include <utility>

namespace plasa::sweep {

// A place in the file, counted from 1; line 0 = none.
struct Mark {
  int line = 0;
  int column = 0;
};

struct Refusal {
  std::string what;
  std::string mend;
  Mark mark;
};

[[noreturn]] inline void Refuse(const Mark& mark, std::string what, std::string mend = "") {
  throw Refusal{std::move(what), std::move(mend), mark};
}

}  // namespace plasa::sweep
