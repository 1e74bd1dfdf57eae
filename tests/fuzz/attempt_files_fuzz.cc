// Any bytes as each small file of an attempt, as a line between worker and shim, as what a trainer's probe prints, and
// as a file of a checkpoint.
#include "common/base/sha256.h"
#include "common/base/utf8.h"
#include "input_folder.h"
#include "worker/attempt_dir.h"
#include "worker/checkpoint_files.h"
#include "worker/shim/words.h"
#include "worker/trainers.h"

namespace plasa::worker {
namespace {

using fuzz::InputFolder;
using fuzz::Require;

constexpr size_t kLogBytes = 512;

void CheckFiles(const std::string& input) {
  const TempDir& folder = InputFolder();
  for (const char* name : {"spec.json", "exit.json", "shim.json", "output.log"}) folder.Write(name, input);
  const std::string dir = folder.path().string();
  const auto key = ReadKey(dir);
  Require(!key || key->token != 0, "an attempt has a token");
  (void)ReadExit(dir);
  const auto trainer = ReadTrainer(dir);
  Require(!trainer || !shim::IsAlive(*trainer) || trainer->pid > 0, "only a process can be alive");
  const LogEnd end = LogTail(dir, kLogBytes);
  Require(end.text.size() <= kLogBytes, "a tail is as long as was asked");
  Require(end.offset + end.text.size() == input.size(), "and ends where the log does");
  Require(IsUtf8(end.text), "and may travel as text");
}

// A command line: arguments parted by zero bytes.
shim::Words ArgumentsOf(std::string_view input) {
  shim::Words words;
  for (size_t at = 0; at <= input.size();) {
    const size_t end = std::min(input.find('\0', at), input.size());
    words.emplace_back(input.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

void CheckWords(const std::string& input) {
  const shim::Words arguments = ArgumentsOf(input);
  std::string sent = shim::JoinWords(arguments) + shim::JoinWords(arguments);
  const auto line = shim::TakeLine(sent);
  Require(line && shim::SplitWords(*line) == arguments, "any words arrive as they are");
  Require(sent == *line + "\n", "and end where their line does");
  std::string buffer = input;
  while (const auto received = shim::TakeLine(buffer)) {
    const auto words = shim::SplitWords(*received);
    if (!words) continue;
    std::string again = shim::JoinWords(*words);
    Require(shim::SplitWords(*shim::TakeLine(again)) == words, "words can be sent on");
  }
}

void CheckProbe(const std::string& input) {
  const auto places = PlacesFrom(input, 0, 2);
  Require(!places.empty() && places.size() <= input.size() + 2, "a machine has places");
  Require(PlacesFrom(input, 3, 2).size() == 3, "as many as were asked for");
}

// Whatever the bytes are: a checkpoint is taken exactly when each file has its digest.
void CheckCheckpoint(const std::string& input) {
  v1::Checkpoint checkpoint;
  v1::CheckpointFile* file = checkpoint.add_files();
  checkpoint.set_digest(Sha256Hex("manifest"));
  file->set_name("state.json");
  file->set_sha256(Sha256Hex("state"));
  const std::string dir = InputFolder() / "checkpoint";
  InputFolder().Write("checkpoint/MANIFEST", "manifest");
  InputFolder().Write("checkpoint/state.json", "state");
  Require(VerifyCheckpoint(dir, checkpoint).ok(), "a good checkpoint is taken");
  InputFolder().Write("checkpoint/state.json", input);
  Require(VerifyCheckpoint(dir, checkpoint).ok() == (input == "state"), "a damaged file is not");
  InputFolder().Write("checkpoint/state.json", "state");
  InputFolder().Write("checkpoint/MANIFEST", input);
  Require(VerifyCheckpoint(dir, checkpoint).ok() == (input == "manifest"), "nor a damaged MANIFEST");
  InputFolder().Write("checkpoint/MANIFEST", "manifest");
  file->set_name(input);
  Require(input == "state.json" || !VerifyCheckpoint(dir, checkpoint).ok(), "nor another file's name");
}

}  // namespace
}  // namespace plasa::worker

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plasa::worker;
  const std::string input(plasa::fuzz::AsText(data, size));
  CheckFiles(input);
  CheckWords(input);
  CheckProbe(input);
  CheckCheckpoint(input);
  return 0;
}
