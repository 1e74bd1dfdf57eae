// The dashboard's files, and the headers that keep other people's scripts out of them.
#include "coordinator/http/assets.h"

#include "test_server.h"

namespace plasa {
namespace {

class Assets : public HttpServerTest {};

TEST_F(Assets, EveryPageOfTheAppIsIndexHtml) {
  for (const char* target : {"/", "/sweeps/x", "/trials/x?sweep=y", "/workers"}) {
    const HttpReply reply = Ask("GET", target);
    EXPECT_EQ(reply.status, 200) << target;
    EXPECT_EQ(reply.Header("content-type"), "text/html; charset=utf-8") << target;
  }
}

TEST_F(Assets, FilesAreThereAndOthersAreNot) {
  EXPECT_EQ(Ask("GET", "/app.js").Header("content-type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(Ask("GET", "/app.css").Header("content-type"), "text/css; charset=utf-8");
  EXPECT_EQ(Ask("GET", "/favicon.svg").Header("content-type"), "image/svg+xml");
  EXPECT_EQ(Ask("GET", "/LICENSES.txt").status, 200);
  EXPECT_EQ(Ask("GET", "/nonesuch.js").status, 404);
  EXPECT_EQ(Ask("GET", "/x/app.js").status, 404);
  EXPECT_EQ(Ask("GET", "/..%2f..%2fetc%2fpasswd.txt").status, 404);
}

TEST_F(Assets, AreCompressedForWhoTakesItAndSentOnceForWhoKnowsThem) {
  const HttpReply plain = Ask("GET", "/app.js");
  const HttpReply packed = Ask("GET", "/app.js", {"Accept-Encoding: gzip, br"});
  EXPECT_EQ(packed.Header("content-encoding"), "gzip");
  EXPECT_LT(packed.body.size(), plain.body.size());
  const HttpReply known = Ask("GET", "/app.js", {"If-None-Match: " + plain.Header("etag")});
  EXPECT_EQ(known.status, 304);
  EXPECT_EQ(known.body, "");
  EXPECT_EQ(Ask("HEAD", "/app.js").Header("content-length"), std::to_string(plain.body.size()));
}

TEST_F(Assets, EveryAnswerForbidsForeignContent) {
  for (const char* target : {"/", "/app.js", "/api/v1/sweeps", "/nonesuch.js"}) {
    const HttpReply reply = Ask("GET", target);
    const std::string policy = reply.Header("content-security-policy");
    EXPECT_NE(policy.find("default-src 'none'; script-src 'self'; style-src 'self'"), std::string::npos) << target;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos) << target;
    EXPECT_EQ(reply.Header("x-content-type-options"), "nosniff") << target;
    EXPECT_EQ(reply.Header("referrer-policy"), "no-referrer") << target;
  }
  EXPECT_EQ(Ask("GET", "/api/v1/sweeps").Header("cache-control"), "no-store");
  EXPECT_EQ(Ask("GET", "/app.js").Header("cache-control"), "no-cache");
}

}  // namespace
}  // namespace plasa
