// What the terminal can do: colour, width, live redraw.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace plasa::cli {

enum class Color { kNone, kGreen, kYellow, kRed, kBlue, kGray, kBold };

// Capabilities of stdout, decided once at start. NO_COLOR and --color win over what the terminal says.
class Terminal {
 public:
  // `color`: auto | always | never.
  explicit Terminal(absl::string_view color);

  [[nodiscard]] bool live() const { return live_; }
  [[nodiscard]] bool colored() const { return colored_; }
  // Columns; 80 where unknown.
  [[nodiscard]] int Width() const;
  // `text` in `color`, unchanged where colours are off.
  [[nodiscard]] std::string Paint(absl::string_view text, Color color) const;

 private:
  bool live_;
  bool colored_;
};

// Columns that `text` takes on a screen (UTF-8 code points; escape sequences count nothing).
[[nodiscard]] size_t DisplayWidth(absl::string_view text);

// `text` without control characters, so that hostile names and log lines cannot drive the terminal. Keeps newline and
// tab where `keep_lines`.
[[nodiscard]] std::string Harmless(absl::string_view text, bool keep_lines = false);

}  // namespace plasa::cli
