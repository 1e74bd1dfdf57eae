// Every script of tests/scripts/core must give the trace that stands in it. PLASA_REWRITE=1 writes the traces anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "script_runner.h"

namespace plasa::coordinator {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> Scripts() {
  std::vector<fs::path> scripts;
  for (const auto& entry : fs::directory_iterator("tests/scripts/core")) scripts.push_back(entry.path());
  std::sort(scripts.begin(), scripts.end());
  return scripts;
}

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The script with the traces it gives now: events begin with "> ", comments with "#", all else is trace.
std::string Replay(const std::string& script) {
  ScriptRunner runner;
  std::istringstream in(script);
  std::ostringstream out;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("> ")) {
      out << line << '\n' << runner.Run(line.substr(2));
    } else if (line.empty() || line.starts_with("#")) {
      out << line << '\n';
    }
  }
  return out.str();
}

class CoreScript : public testing::TestWithParam<fs::path> {};

TEST_P(CoreScript, GivesItsTrace) {
  const std::string script = ReadFile(GetParam());
  const std::string replayed = Replay(script);
  if (std::getenv("PLASA_REWRITE") != nullptr) std::ofstream(GetParam()) << replayed;
  EXPECT_EQ(script, replayed);
}

INSTANTIATE_TEST_SUITE_P(All, CoreScript, testing::ValuesIn(Scripts()),
                         [](const auto& param) { return param.param.stem().string(); });

}  // namespace
}  // namespace plasa::coordinator
