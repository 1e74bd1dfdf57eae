// plasa-trainer: runs one attempt of a PLASA trial, and answers questions about this build.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "common/base/number_text.h"
#include "trainer/audit/attempt_audits.h"
#include "trainer/bench.h"
#include "trainer/blas_kernels.h"
#include "trainer/exit_code.h"
#include "trainer/golden.h"
#include "trainer/hardware.h"
#include "trainer/json_value.h"
#include "trainer/library_pages.h"
#include "trainer/loop.h"
#include "trainer/options.h"
#include "trainer/probe.h"
#include "trainer/result_record.h"
#include "trainer/spec.h"
#include "trainer/tokenize.h"

namespace plasa::trainer {
namespace {

using Words = std::vector<std::string>;

constexpr char kHelp[] =
    R"(plasa-trainer: trains one trial of a PLASA sweep.

  plasa-trainer run SPEC.json        run the attempt that SPEC.json describes (a worker does this)
  plasa-trainer probe                devices and build, as JSON
  plasa-trainer audit SPEC.json      all audits for a configuration; a minute
  plasa-trainer golden DIR           compare with the recorded cases in DIR
  plasa-trainer bench [--preset P] [--schedule S] [--seq-len L] [--batch B] [--vocab V] [--steps N]
                      [--threads T] [--precision f32|bf16] [--set JSON] [-o json]
                                     time of a step by part; --set '{"attn_dropout":0}' for any other key
  plasa-trainer tokenize --tokenizer bytes|tokenizer.json [--to FILE.bin]
  plasa-trainer --version | --help

Example: a trial by hand
  mkdir try && echo '{"v":1,"params":{"preset":"demo","seq_len":64},"data":{"corpus":"auto"}}' > try/spec.json
  plasa-trainer run try/spec.json

Exit codes of run: 0 succeeded, 2 the configuration cannot run, 3 data missing, 4 audit failed, 5 out of memory,
75 left on SIGTERM after a checkpoint, anything else a crash. Files and events: docs/trainer-interface.md.
)";

int Say(const Error& error, ExitCode code) {
  std::fprintf(stderr, "plasa-trainer: %s\n", error.Text().c_str());
  return static_cast<int>(code);
}

int UsageError(const std::string& what) { return Say({what, "", "see plasa-trainer --help"}, ExitCode::kUserError); }

int Run(const Words& words) {
  if (words.size() != 1) return UsageError("run needs one SPEC.json");
  auto spec = ReadRunSpec(words[0]);
  if (!spec) return Say(spec.error(), ExitCode::kUserError);
  return static_cast<int>(RunAttempt(*spec));
}

int ProbeCommand(const Words& words) {
  if (!words.empty()) return UsageError("probe takes nothing");
  std::printf("%s\n", Probe().CanonicalJson().c_str());
  return 0;
}

int AuditCommand(const Words& words) {
  if (words.size() != 1) return UsageError("audit needs one SPEC.json");
  auto spec = ReadRunSpec(words[0]);
  if (!spec) return Say(spec.error(), ExitCode::kUserError);
  if (const auto tokenizer = TokenizerOf(spec->config); !tokenizer) return Say(tokenizer.error(), ExitCode::kUserError);
  PrepareProcess(static_cast<int>(spec->config.threads));
  auto audits = AllAudits(*spec, "/proc/self/exe");
  if (!audits) return Say(audits.error(), ExitCode::kData);
  for (const AuditResult& audit : *audits) std::printf("%s\n", AuditValue(audit).CanonicalJson().c_str());
  const bool passed = std::all_of(audits->begin(), audits->end(), [](const auto& audit) { return audit.passed; });
  return passed ? 0 : static_cast<int>(ExitCode::kAudit);
}

int GoldenCommand(const Words& words) {
  if (words.size() != 1) return UsageError("golden needs one directory");
  PrepareProcess(1);
  return RunGolden(words[0], std::cout, std::cerr);
}

// Whole numbers where the text is one, text otherwise.
Value OptionValue(const std::string& text) {
  const auto number = ParseInt(text);
  return number ? Value(*number) : Value(text);
}

int BenchCommand(const Words& words) {
  auto options = ParseOptions(words, {"preset", "schedule", "seq-len", "batch", "vocab", "steps", "threads", "device",
                                      "precision", "set", "o"});
  if (!options) return UsageError(options.error().Text());
  const auto steps = ParseInt(options->Get("steps", "60"));
  if (!options->plain.empty() || !steps || *steps < 1) return UsageError("bench takes options, --steps at least 1");
  Value::Object params{{"preset", options->Get("preset", "demo")}};
  const std::map<std::string, std::string> keys = {
      {"schedule", "schedule"}, {"seq-len", "seq_len"}, {"batch", "batch_size"},   {"vocab", "vocab_size"},
      {"threads", "threads"},   {"device", "device"},   {"precision", "precision"}};
  for (const auto& [option, key] : keys) {
    if (options->named.count(option) != 0) params[key] = OptionValue(options->named.at(option));
  }
  const auto more = ParseJson(options->Get("set", "{}"), "--set");
  if (!more) return Say(more.error(), ExitCode::kUserError);
  if (!more->Is<Value::Object>()) return UsageError("--set takes a JSON object of configuration keys");
  for (const auto& [key, value] : more->As<Value::Object>()) params[key] = value;
  auto config = ResolveConfig(params);
  if (!config) return Say(config.error(), ExitCode::kUserError);
  auto report = Bench(*config, *steps);
  if (!report) return Say(report.error(), ExitCode::kUserError);
  std::printf("%s\n", report->CanonicalJson().c_str());
  return 0;
}

int TokenizeCommand(const Words& words) {
  auto options = ParseOptions(words, {"tokenizer", "to"});
  if (!options) return UsageError(options.error().Text());
  if (!options->plain.empty()) return UsageError("tokenize takes options only; texts come from standard input");
  return static_cast<int>(
      Tokenize(options->Get("tokenizer", "bytes"), options->Get("to", ""), std::cin, std::cout, std::cerr));
}

int Dispatch(const Words& words) {
  if (words.empty()) return UsageError("say what to do");
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") return std::printf("%s", kHelp) > 0 ? 0 : 1;
  if (words[0] == "--version") return std::printf("%s\n", BuildText().c_str()) > 0 ? 0 : 1;
  const std::map<std::string, int (*)(const Words&)> verbs = {{"run", Run},
                                                              {"probe", ProbeCommand},
                                                              {"audit", AuditCommand},
                                                              {"golden", GoldenCommand},
                                                              {"bench", BenchCommand},
                                                              {"tokenize", TokenizeCommand}};
  const auto verb = verbs.find(words[0]);
  if (verb == verbs.end()) return UsageError("unknown verb " + words[0]);
  return verb->second(Words(words.begin() + 1, words.end()));
}

}  // namespace
}  // namespace plasa::trainer

int main(int argc, char** argv) {
  try {
    plasa::trainer::RestartWithBetterBlasKernels(argv);
    plasa::trainer::ReleaseLibraryPages();
    return plasa::trainer::Dispatch({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "plasa-trainer: %s\n", error.what());
    return static_cast<int>(plasa::trainer::ExitCode::kCrashed);
  }
}
