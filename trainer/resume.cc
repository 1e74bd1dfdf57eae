#include "trainer/resume.h"

#include "trainer/hardware.h"

namespace plasa::trainer {
namespace {

std::string TextOf(const Value::Object& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->second.Is<std::string>() ? it->second.As<std::string>() : "";
}

Error Foreign(const std::string& what, const std::string& mend) { return Error{what, "checkpoint", mend}; }

Outcome CheckIdentity(const Value::Object& state, const RunIdentity& identity, bool allow_inexact, bool* inexact) {
  if (TextOf(state, "config_hash") != identity.config_hash) {
    return Foreign("belongs to another configuration", "resume with the parameters it was made with");
  }
  if (TextOf(state, "data_digest") != identity.data_digest)
    return Foreign("was trained on other data", "restore the data it was made with");
  const bool other_class = TextOf(state, "hardware_class") != identity.hardware_class;
  const auto before = state.find("inexact");
  *inexact = other_class || (before != state.end() && before->second == Value(true));
  if (!other_class || allow_inexact) return std::nullopt;
  return Foreign("was made on \"" + TextOf(state, "hardware_class") + "\", this is \"" + identity.hardware_class +
                     "\": going on would not give the same bits",
                 "resume on the same hardware class, or allow it with --inexact, which marks the run");
}

}  // namespace

Value StateValue(const RunState& state, const Config& config, const Dataset& data, const RunIdentity& identity,
                 int64_t events_seq) {
  const int64_t samples = state.step * config.batch_size;
  const auto windows = static_cast<int64_t>(data.TrainWindows());
  const CurvePoint* best = state.history.Best();
  return Value::Object{
      {"v", 1},
      {"step", state.step},
      {"t", state.step},
      {"tokens_seen", samples * config.seq_len},
      {"epoch", windows > 0 ? samples / windows : 0},
      {"cursor", windows > 0 ? samples % windows : samples},
      {"micro_batch", 0},
      {"config", ConfigValue(config)},
      {"config_hash", identity.config_hash},
      {"data_digest", identity.data_digest},
      {"hardware_class", identity.hardware_class},
      {"build", BuildText()},
      {"threads", config.threads},
      {"inexact", state.inexact},
      {"events_seq", events_seq},
      {"best", best != nullptr ? Value(Value::Object{{"step", best->step}, {"val_loss", best->val_loss}}) : Value()},
      {"gradient_coverage", state.coverage},
      {"history", state.history.ToValue()}};
}

Result<RunState> ReadState(const Value& value, const RunIdentity& identity, bool allow_inexact) {
  const Error bad = Foreign("state.json is not the state of a run", "resume from another checkpoint");
  if (!value.Is<Value::Object>()) return bad;
  const auto& object = value.As<Value::Object>();
  RunState state;
  if (auto error = CheckIdentity(object, identity, allow_inexact, &state.inexact)) return *error;
  const auto step = object.find("step"), history = object.find("history"), coverage = object.find("gradient_coverage");
  if (step == object.end() || !step->second.Is<int64_t>() || step->second.As<int64_t>() < 0 ||
      history == object.end() || coverage == object.end())
    return bad;
  state.step = step->second.As<int64_t>();
  auto read = History::FromValue(history->second);
  if (!read) return read.error();
  state.history = std::move(*read);
  state.coverage = coverage->second;
  return state;
}

}  // namespace plasa::trainer
