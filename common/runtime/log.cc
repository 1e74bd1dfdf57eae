#include "common/runtime/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "common/base/value.h"

namespace plasa {
namespace {

spdlog::logger& Logger() {
  static const std::shared_ptr<spdlog::logger> logger = [] {
    auto made = spdlog::stderr_logger_mt("plasa");
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *logger;
}

std::string Line(const char* room, absl::string_view phrase, std::initializer_list<LogField> fields) {
  std::string line = absl::StrCat(room, ": ", phrase);
  for (const auto& [key, value] : fields) {
    const bool plain = !value.empty() && value.find_first_of(" \"\n\r\t") == std::string::npos;
    absl::StrAppend(&line, " ", key, "=", plain ? value : JsonQuote(value));
  }
  return line;
}

}  // namespace

void Log::Info(absl::string_view phrase, std::initializer_list<LogField> fields) const {
  Logger().info(Line(room_, phrase, fields));
}

void Log::Warning(absl::string_view phrase, std::initializer_list<LogField> fields) const {
  Logger().warn(Line(room_, phrase, fields));
}

void Log::Error(absl::string_view phrase, std::initializer_list<LogField> fields) const {
  Logger().error(Line(room_, phrase, fields));
}

}  // namespace plasa
