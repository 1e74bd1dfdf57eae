#include "cli/output/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace plasa::cli {
namespace {

bool WantsColor(absl::string_view color, bool tty) {
  if (color == "always") return true;
  if (color == "never") return false;
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* term = std::getenv("TERM");
  return tty && term != nullptr && absl::string_view(term) != "dumb";
}

absl::string_view Escape(Color color) {
  switch (color) {
    case Color::kGreen:
      return "\x1b[32m";
    case Color::kYellow:
      return "\x1b[33m";
    case Color::kRed:
      return "\x1b[31m";
    case Color::kBlue:
      return "\x1b[36m";
    case Color::kGray:
      return "\x1b[90m";
    case Color::kBold:
      return "\x1b[1m";
    case Color::kNone:
      break;
  }
  return "";
}

}  // namespace

Terminal::Terminal(absl::string_view color) : live_(isatty(STDOUT_FILENO) == 1), colored_(WantsColor(color, live_)) {}

int Terminal::Width() const {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

std::string Terminal::Paint(absl::string_view text, Color color) const {
  if (!colored_ || color == Color::kNone) return std::string(text);
  return std::string(Escape(color)) + std::string(text) + "\x1b[0m";
}

size_t DisplayWidth(absl::string_view text) {
  size_t width = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      while (i < text.size() && text[i] != 'm') ++i;
      continue;
    }
    const bool continuation = (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
    if (!continuation) ++width;
  }
  return width;
}

std::string Harmless(absl::string_view text, bool keep_lines) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool line = c == '\n' || c == '\t';
    if (byte >= 0x20 && byte != 0x7F) {
      out += c;
    } else if (line) {
      out += keep_lines ? c : ' ';
    }
  }
  return out;
}

}  // namespace plasa::cli
