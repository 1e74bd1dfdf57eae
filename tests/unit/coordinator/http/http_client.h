// A plain HTTP client over one loopback connection. Reads end after a minute, so that a hang ends the test.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace plasa {

struct HttpReply {
  int status = 0;                              // 0: the server closed without an answer
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  [[nodiscard]] boost::json::value Json() const;
  [[nodiscard]] std::string Header(const std::string& name) const;  // "" where it is absent
};

class HttpClient {
 public:
  explicit HttpClient(int port);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Sends bytes as they are; false when the server has closed.
  bool Send(std::string_view bytes);
  // Reads one answer with its body; a body only where the server announces one.
  [[nodiscard]] HttpReply Read(bool head = false);
  // Reads as far as `end` and returns what came, `end` included; "" when the server closed before.
  [[nodiscard]] std::string ReadUpTo(std::string_view end);
  // Whether the server closes the connection without another byte.
  [[nodiscard]] bool IsClosed();

 private:
  bool Fill();

  int socket_;
  std::string buffer_;
};

// One request as text. `headers` come after Host.
[[nodiscard]] std::string RequestText(std::string_view method, std::string_view target,
                                      const std::vector<std::string>& headers = {}, std::string_view body = "",
                                      std::string_view host = "localhost");

}  // namespace plasa
