// Errors as values for the rooms that may use only the standard library. Rooms above use absl::Status.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "common/base/utf8.h"

namespace plasa {

// A refusal a person can act on: what is wrong, where it stands, and how to mend it.
struct Error {
  std::string what;
  std::string where;  // "file.yaml:12:3", a key, a path; may be empty
  std::string mend;   // may be empty

  // "WHERE: WHAT. MEND" with the parts that are there, each shortened in its middle: they may quote what somebody
  // wrote.
  [[nodiscard]] std::string Text() const {
    const std::string text = where.empty() ? Shortened(what) : Shortened(where) + ": " + Shortened(what);
    return mend.empty() ? text : text + " (" + Shortened(mend) + ")";
  }
};

// Either a value or an Error. Reading the value of a failed result is a programming error (std::bad_variant_access).
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const { return std::get<1>(state_); }
  T& operator*() { return std::get<0>(state_); }
  const T& operator*() const { return std::get<0>(state_); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }

 private:
  std::variant<T, Error> state_;
};

// Success, or an Error.
using Outcome = std::optional<Error>;

}  // namespace plasa
