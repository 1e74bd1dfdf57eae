#include "cli/verbs/sweep_source.h"

#include <filesystem>
#include <iostream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/output/exit_code.h"
#include "cli/output/suggest.h"
#include "cli/remote/state_dir.h"
#include "cli/verbs/builtin_sweeps.h"
#include "common/base/utf8.h"

namespace plasa::cli {
namespace {

std::vector<std::string> BuiltinNames() {
  std::vector<std::string> names;
  for (const BuiltinSweep& sweep : BuiltinSweeps()) names.emplace_back(sweep.name);
  return names;
}

absl::Status Unknown(const std::string& source) {
  const std::string near = Nearest(source, BuiltinNames());
  return Failure(absl::StatusCode::kNotFound, absl::StrCat("\"", source, "\" is neither a file nor a built-in sweep"),
                 absl::StrCat(near.empty() ? "" : absl::StrCat("did you mean ", near, "? "), "built in are ",
                              absl::StrJoin(BuiltinNames(), ", ")));
}

// A path means one place, whoever reads the sweep: absolute, and there. `key` is who names it.
absl::StatusOr<std::string> Settled(const std::string& given, const std::string& key) {
  const auto absolute = std::filesystem::absolute(given).lexically_normal();
  std::error_code error;
  if (std::filesystem::exists(absolute, error)) return absolute.string();
  return Failure(absl::StatusCode::kNotFound, absl::StrCat(key, ": there is no ", absolute.string()),
                 "a relative path starts at the current directory");
}

// The folder or file that the sweep names as its data, empty where it names none.
absl::StatusOr<std::string> DataPathOf(const SweepSpec& spec) {
  if (!spec.data.Is<Value::Object>()) return "";
  const Value::Object& data = spec.data.As<Value::Object>();
  const auto path = data.find("path");
  return path == data.end() ? "" : Settled(path->second.As<std::string>(), "plasa.data.path");
}

// The files of the built-in trainer's parameter `tokenizer`; other trainers' parameters are their own affair.
absl::Status SettleTokenizers(SweepSpec* spec) {
  if (spec->trainer != "plasa") return absl::OkStatus();
  absl::Status missing;
  const auto settle = [&missing](const Value& value) {
    if (!value.Is<std::string>() || value.As<std::string>().empty() || value.As<std::string>() == "bytes") return value;
    auto settled = Settled(value.As<std::string>(), "parameters.tokenizer");
    missing.Update(settled.status());
    return settled.ok() ? Value(*std::move(settled)) : value;
  };
  const Outcome refused = ReplaceValues(spec, "tokenizer", settle);
  if (!missing.ok()) return missing;
  return refused ? UsageError(*refused) : absl::OkStatus();
}

}  // namespace

void SweepChoice::Declare(Arguments& arguments) {
  arguments.Required(
      "SWEEP", &source,
      absl::StrCat("a sweep file, - for standard input, or a built-in sweep: ", absl::StrJoin(BuiltinNames(), ", ")));
  arguments.Option("-P,--param", "KEY=V1,V2", &params, "set or sweep a parameter; repeatable");
  arguments.Option("--seeds", "N", &seeds, "seeds 1 to N for each cell");
  arguments.Option("--name", "NAME", &name, "name of the sweep");
}

absl::StatusOr<std::string> ReadSweepText(const std::string& source) {
  if (source == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  if (std::filesystem::exists(source)) return ReadFile(source);
  for (const BuiltinSweep& sweep : BuiltinSweeps()) {
    if (sweep.name == source) return std::string(sweep.text);
  }
  return Unknown(source);
}

absl::StatusOr<SweepSpec> LoadSweep(const SweepChoice& choice) {
  const auto text = ReadSweepText(choice.source);
  if (!text.ok()) return text.status();
  auto spec = ParseSweep(*text, choice.source);
  if (!spec.ok()) return UsageError(spec.error());
  const Overrides overrides{choice.params, choice.seeds, choice.name};
  if (const Outcome refused = ApplyOverrides(&*spec, overrides)) return UsageError(*refused);
  if (const auto path = DataPathOf(*spec); !path.ok()) return path.status();
  if (const auto settled = SettleTokenizers(&*spec); !settled.ok()) return settled;
  return *std::move(spec);
}

absl::StatusOr<std::optional<DataPackage>> PackDataOf(SweepSpec* spec) {
  const auto path = DataPathOf(*spec);
  if (!path.ok()) return path.status();
  if (path->empty()) return std::nullopt;
  auto package = PackData(*path);
  if (!package.ok()) return package.status();
  Value::Object data = spec->data.As<Value::Object>();
  data.erase("path");
  data["artifact"] = package->digest;
  if (const Outcome refused = ReplaceData(spec, Value(std::move(data)))) return UsageError(*refused);
  return *std::move(package);
}

absl::Status UsageError(const Error& error) {
  const std::string where = error.where.empty() ? "" : Shortened(error.where) + ": ";
  return Failure(absl::StatusCode::kInvalidArgument, where + Shortened(error.what), Shortened(error.mend));
}

}  // namespace plasa::cli
