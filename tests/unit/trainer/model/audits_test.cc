// All audits with their figures; half a minute.
#include <gtest/gtest.h>

#include "trainer/audit/attempt_audits.h"
#include "trainer/audit/full_audits.h"

namespace plasa::trainer {
namespace {

TEST(FullAudits, AStrictConfigurationPassesAll) {
  for (const AuditResult& a : RunFullAudits(*ResolveConfig(Value::Object{{"preset", "demo"}}))) {
    EXPECT_TRUE(a.passed) << a.number << " " << a.name << " " << a.figure << " " << a.message;
  }
}

TEST(FullAudits, ResumeGivesTheSameBits) {
  const AuditResult resume =
      ResumeResult(*ResolveConfig(Value::Object{{"preset", "demo"}, {"schedule", "uniform_sparse"}}));
  EXPECT_TRUE(resume.passed) << resume.figure << " " << resume.message;
}

}  // namespace
}  // namespace plasa::trainer
