#include "common/runtime/state_dir.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace plasa {
namespace {

TEST(StateDirectory, FlagThenEnvironmentThenDataHome) {
  setenv("XDG_DATA_HOME", "/data", 1);
  unsetenv("PLASA_STATE");
  EXPECT_EQ(StateDirectory(""), "/data/plasa");
  setenv("PLASA_STATE", "/from/environment", 1);
  EXPECT_EQ(StateDirectory(""), "/from/environment");
  EXPECT_EQ(StateDirectory("/flag/../flag/"), "/flag");
  unsetenv("PLASA_STATE");
  unsetenv("XDG_DATA_HOME");
  setenv("HOME", "/home/x", 1);
  EXPECT_EQ(StateDirectory(""), "/home/x/.local/share/plasa");
}

}  // namespace
}  // namespace plasa
