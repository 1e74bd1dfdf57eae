// Scalars of YAML 1.2's core schema: `no` is text, a bare 1e-3 is a number.
#pragma once

#include <string>
#include <string_view>

#include "common/base/value.h"
#include "common/sweep/refusal.h"

namespace plasa::sweep {

// The value of an unquoted, untagged scalar. Refuses numbers no double can hold.
[[nodiscard]] Value PlainScalar(const std::string& text, const Mark& mark);

// The value of a scalar whose tag is "!" (quoted: text) or one of YAML's own (!!str, !!int, !!float, !!bool, !!null).
// Refuses other tags and text that does not fit its tag.
[[nodiscard]] Value TaggedScalar(const std::string& text, const std::string& tag, const Mark& mark);

// What YAML 1.1, and so W&B, takes for true (1) or false (0) though YAML 1.2 does not: yes, no, on, off. -1 = neither.
[[nodiscard]] int OldBoolean(std::string_view text);

}  // namespace plasa::sweep
