// Short ways to say a sweep file in a test.
#pragma once

#include <string>

#include "common/sweep/sweep.h"

namespace plasa {

// The error of a file, "accepted" if there is none.
inline std::string Refusal(const std::string& text) {
  const auto spec = ParseSweep(text, "f.yaml");
  return spec.ok() ? "accepted" : spec.error().Text();
}

// A grid over these parameters, with further top-level lines after it.
inline std::string Grid(const std::string& parameters, const std::string& more = "") {
  return "method: grid\nparameters: {" + parameters + "}\n" + more + "\n";
}

inline std::string Random(const std::string& parameters, const std::string& more = "") {
  return "method: random\nparameters: {" + parameters + "}\n" + more + "\n";
}

inline SweepSpec Parsed(const std::string& text) { return *ParseSweep(text, "f.yaml"); }

// Cells as canonical JSON, one after the other.
inline std::string CellsText(const SweepSpec& spec) {
  const auto cells = ExpandCells(spec);
  if (!cells.ok()) return cells.error().Text();
  std::string text;
  for (const Value::Object& cell : *cells) text += (text.empty() ? "" : " ") + Value(cell).CanonicalJson();
  return text;
}

// The error of an expansion, "accepted" if there is none.
inline std::string ExpandRefusal(const std::string& text) {
  const auto expansion = Expand(Parsed(text));
  return expansion.ok() ? "accepted" : expansion.error().Text();
}

}  // namespace plasa
