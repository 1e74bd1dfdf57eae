#include "coordinator/auth.h"

#include <gtest/gtest.h>

#include "fake_clock.h"

namespace plasa {
namespace {

class AuthTest : public testing::Test {
 protected:
  AuthTest()
      : auth_(clock_, {}, [this](const Credential& credential, std::function<void(absl::Status)> done) {
          kept_.push_back(credential);
          done(disk_);
        }) {}

  std::string Token(Scope scope, const std::string& request = "") {
    std::string token;
    auth_.CreateToken(request, scope, "label", [&](absl::StatusOr<std::string> made) { token = made.value_or(""); });
    return token;
  }
  absl::StatusOr<std::string> Login(const std::string& link) {
    absl::StatusOr<std::string> session = absl::UnknownError("not answered");
    auth_.Login(link, [&](absl::StatusOr<std::string> made) { session = std::move(made); });
    return session;
  }

  FakeClock clock_;
  absl::Status disk_;
  std::vector<Credential> kept_;
  Auth auth_;
};

TEST_F(AuthTest, ScopesOpenWhatTheyName) {
  const std::string read = Token(Scope::kRead), submit = Token(Scope::kSubmit), admin = Token(Scope::kAdmin),
                    worker = Token(Scope::kWorker), metrics = Token(Scope::kMetrics);
  EXPECT_TRUE(auth_.Check(read, Scope::kRead).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(auth_.Check(read, Scope::kSubmit)));
  EXPECT_TRUE(auth_.Check(submit, Scope::kRead).ok());
  EXPECT_TRUE(auth_.Check(admin, Scope::kSubmit).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(auth_.Check(admin, Scope::kWorker)));
  EXPECT_TRUE(absl::IsPermissionDenied(auth_.Check(worker, Scope::kRead)));
  EXPECT_TRUE(auth_.Check(metrics, Scope::kMetrics).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(auth_.Check(metrics, Scope::kRead)));
  EXPECT_TRUE(absl::IsUnauthenticated(auth_.Check("", Scope::kRead)));
  EXPECT_TRUE(absl::IsUnauthenticated(auth_.Check(read + "x", Scope::kRead)));
}

TEST_F(AuthTest, OnlyHashesAreKept) {
  const std::string token = Token(Scope::kRead);
  ASSERT_EQ(kept_.size(), 1u);
  EXPECT_EQ(kept_[0].sha256, Auth::HashOf(token));
  EXPECT_NE(kept_[0].sha256, token);
  EXPECT_GE(token.size(), 43u) << "256 bits";
}

TEST_F(AuthTest, ATokenThatIsNotDurableDoesNotExist) {
  disk_ = absl::ResourceExhaustedError("full");
  EXPECT_EQ(Token(Scope::kRead), "");
  EXPECT_TRUE(absl::IsUnauthenticated(auth_.Check("", Scope::kRead)));
}

TEST_F(AuthTest, ARepeatedRequestGetsTheSameToken) {
  EXPECT_EQ(Token(Scope::kRead, "r1"), Token(Scope::kRead, "r1"));
  EXPECT_NE(Token(Scope::kRead, "r1"), Token(Scope::kRead, "r2"));
  EXPECT_EQ(Token(Scope::kAdmin, "r1"), "") << "the same request id for another token";
}

TEST_F(AuthTest, ALinkWorksOnceWithinADay) {
  const std::string link = auth_.CreateLink(Scope::kAdmin);
  const auto session = Login(link);
  ASSERT_TRUE(session.ok());
  EXPECT_TRUE(auth_.Check(*session, Scope::kAdmin).ok());
  EXPECT_TRUE(absl::IsUnauthenticated(Login(link).status()));
  const std::string old = auth_.CreateLink(Scope::kAdmin);
  clock_.unix_s = clock_.unix_s + 25 * 3600;
  EXPECT_TRUE(absl::IsUnauthenticated(Login(old).status()));
}

TEST_F(AuthTest, SessionsEndAfterThirtyDays) {
  const auto session = Login(auth_.CreateLink(Scope::kRead));
  clock_.unix_s = clock_.unix_s + 31 * 24 * 3600;
  EXPECT_TRUE(absl::IsUnauthenticated(auth_.Check(*session, Scope::kRead)));
}

}  // namespace
}  // namespace plasa
