#include "cli/report/environment.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <boost/version.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "cli/remote/control_client.h"
#include "cli/remote/state_dir.h"
#include "cli/report/code_version.h"
#include "google/protobuf/stubs/common.h"

namespace plasa::cli {
namespace {

namespace json = boost::json;

// The first "model name" of /proc/cpuinfo.
std::string CpuName() {
  const auto text = ReadFile("/proc/cpuinfo");
  if (!text.ok()) return "unknown";
  for (const absl::string_view line : absl::StrSplit(*text, '\n')) {
    const std::pair<absl::string_view, absl::string_view> field = absl::StrSplit(line, absl::MaxSplits(':', 1));
    if (absl::StripAsciiWhitespace(field.first) == "model name")
      return std::string(absl::StripAsciiWhitespace(field.second));
  }
  return "unknown";
}

json::object Libraries() {
  return {{"Boost", BOOST_LIB_VERSION},
          {"gRPC", GrpcVersion()},
          {"protobuf", google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION)},
          {"compiler", __VERSION__}};
}

json::value TextOrNull(const char* text) { return *text == '\0' ? json::value(nullptr) : json::value(text); }

}  // namespace

json::object EnvironmentJson() {
  utsname name{};
  uname(&name);
  return {{"host", name.nodename},
          {"cpu", CpuName()},
          {"cpus", sysconf(_SC_NPROCESSORS_ONLN)},
          {"system", absl::StrCat(name.sysname, " ", name.release, " ", name.machine)},
          {"libraries", Libraries()}};
}

json::object CodeJson() {
  return {{"commit", TextOrNull(kCodeVersion.commit)},
          {"dirty", *kCodeVersion.diff_sha256 != '\0'},
          {"diff_sha256", TextOrNull(kCodeVersion.diff_sha256)}};
}

}  // namespace plasa::cli
