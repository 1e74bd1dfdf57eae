// Runs a fuzz target on seeds and on damaged copies of them, where libFuzzer is not at hand.
//
//   fuzz_NAME [--runs N] [--seed S] [--first R] [--keep FILE] FILE-OR-FOLDER...
//
// A crash says which run it was: `--seed S --first R --runs 1` with the same files repeats it, and `--keep FILE` writes
// its input, a seed from then on.
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "mutate.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

// Read by the sanitizers: a finding ends the process through SIGABRT, an absurd allocation is a finding.
extern "C" const char* __asan_default_options() {  // NOLINT: their name
  return "abort_on_error=1:allocator_may_return_null=0:max_allocation_size_mb=1024:detect_leaks=0";
}
extern "C" const char* __ubsan_default_options() {  // NOLINT: their name
  return "halt_on_error=1:abort_on_error=1:print_stacktrace=1";
}

namespace plasa::fuzz {
namespace {

namespace fs = std::filesystem;
constexpr rlim_t kMostMemory = rlim_t{2} << 30;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // reports crashes and limits memory by itself, then aborts
#else
constexpr bool kSanitized = false;
#endif

struct Options {
  uint64_t runs = 1000, seed = 1, first = 0;
  std::string keep;  // file for the input of a run; "" none
  std::vector<std::string> paths;
};

char announcement[128];

void OnCrash(int signal) {
  std::fputs(announcement, stderr);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

// On a stack of its own: what ran out may be the other one.
void AnnounceCrashes() {
  static char stack[1 << 16];
  stack_t alternative{};
  alternative.ss_sp = stack;
  alternative.ss_size = sizeof stack;
  sigaltstack(&alternative, nullptr);
  struct sigaction action {};
  action.sa_handler = OnCrash;
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGABRT, &action, nullptr);
  if (kSanitized) return;
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) sigaction(signal, &action, nullptr);
}

Options ParseOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool has_value = i + 1 < argc;
    if (word == "--runs" && has_value) {
      options.runs = std::strtoull(argv[++i], nullptr, 10);
    } else if (word == "--seed" && has_value) {
      options.seed = std::strtoull(argv[++i], nullptr, 10);
    } else if (word == "--first" && has_value) {
      options.first = std::strtoull(argv[++i], nullptr, 10);
    } else if (word == "--keep" && has_value) {
      options.keep = argv[++i];
    } else {
      options.paths.push_back(word);
    }
  }
  return options;
}

std::string ContentOf(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Contents of the files, those of folders in order of their names.
std::vector<std::string> ReadSeeds(const std::vector<std::string>& paths) {
  std::vector<fs::path> files;
  for (const std::string& path : paths) {
    if (!fs::is_directory(path)) files.emplace_back(path);
    if (!fs::is_directory(path)) continue;
    std::vector<fs::path> inside(fs::directory_iterator(path), {});
    std::sort(inside.begin(), inside.end());
    files.insert(files.end(), inside.begin(), inside.end());
  }
  std::vector<std::string> seeds;
  for (const fs::path& file : files) seeds.push_back(ContentOf(file));
  return seeds;
}

// Inputs are written as files; memory is the quickest place for them.
void UseMemoryForFiles() {
  if (fs::is_directory("/dev/shm")) setenv("TMPDIR", "/dev/shm", 0);
}

// An absurd allocation shall not succeed.
void LimitMemory() {
  const rlimit limit{kMostMemory, kMostMemory};
  if (!kSanitized) setrlimit(RLIMIT_DATA, &limit);
}

int Run(const Options& options) {
  const auto seeds = ReadSeeds(options.paths);
  if (seeds.empty()) {
    std::fputs("name files or folders with seeds\n", stderr);
    return 2;
  }
  UseMemoryForFiles();
  LimitMemory();
  AnnounceCrashes();
  Mutator mutator(seeds, options.seed);
  for (uint64_t run = options.first; run < options.first + options.runs; ++run) {
    std::snprintf(announcement, sizeof announcement, "\nthis was --seed %llu --first %llu --runs 1\n",
                  static_cast<unsigned long long>(options.seed), static_cast<unsigned long long>(run));
    const std::string input = mutator.Input(run);
    if (!options.keep.empty()) std::ofstream(options.keep, std::ios::binary) << input;
    (void)LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
  }
  std::printf("%llu runs, %zu seeds: fine\n", static_cast<unsigned long long>(options.runs), seeds.size());
  return 0;
}

}  // namespace
}  // namespace plasa::fuzz

int main(int argc, char** argv) { return plasa::fuzz::Run(plasa::fuzz::ParseOptions(argc, argv)); }
