#include "worker/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "absl/strings/str_cat.h"
#include "common/base/value.h"

namespace plasa::worker {
namespace {

spdlog::logger& Logger() {
  static const std::shared_ptr<spdlog::logger> logger = [] {
    auto made = spdlog::stderr_logger_mt("worker");
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %n: %v");
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *logger;
}

std::string Line(absl::string_view phrase, std::initializer_list<LogField> fields) {
  std::string line(phrase.data(), phrase.size());
  for (const auto& [key, value] : fields) {
    const bool plain = !value.empty() && value.find_first_of(" \"\n\r\t") == std::string::npos;
    absl::StrAppend(&line, " ", key, "=", plain ? value : JsonQuote(value));
  }
  return line;
}

}  // namespace

void LogInfo(absl::string_view phrase, std::initializer_list<LogField> fields) { Logger().info(Line(phrase, fields)); }

void LogWarning(absl::string_view phrase, std::initializer_list<LogField> fields) {
  Logger().warn(Line(phrase, fields));
}

}  // namespace plasa::worker
