#include "http_client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cctype>

namespace plasa {
namespace {

// The header "Name: value" into `headers`.
void AddHeader(std::string_view line, std::map<std::string, std::string>* headers) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  std::string name(line.substr(0, colon));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  (*headers)[name] = line.substr(std::min(line.size(), line.find_first_not_of(' ', colon + 1)));
}

HttpReply ParseHead(std::string_view head) {
  HttpReply reply;
  reply.status = std::stoi(std::string(head.substr(head.find(' ') + 1, 3)));
  for (size_t at = head.find("\r\n"); at != std::string_view::npos && at + 2 < head.size();) {
    const size_t end = head.find("\r\n", at + 2);
    AddHeader(head.substr(at + 2, end - at - 2), &reply.headers);
    at = end;
  }
  return reply;
}

}  // namespace

boost::json::value HttpReply::Json() const { return boost::json::parse(body); }

std::string HttpReply::Header(const std::string& name) const {
  const auto it = headers.find(name);
  return it == headers.end() ? "" : it->second;
}

HttpClient::HttpClient(int port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval limit{60, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
}

HttpClient::~HttpClient() { close(socket_); }

bool HttpClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool HttpClient::Fill() {
  char bytes[65536];
  const ssize_t count = recv(socket_, bytes, sizeof bytes, 0);
  if (count <= 0) return false;
  buffer_.append(bytes, static_cast<size_t>(count));
  return true;
}

std::string HttpClient::ReadUpTo(std::string_view end) {
  size_t at = buffer_.find(end);
  while (at == std::string::npos) {
    if (!Fill()) return "";
    at = buffer_.find(end);
  }
  const std::string text = buffer_.substr(0, at + end.size());
  buffer_.erase(0, text.size());
  return text;
}

HttpReply HttpClient::Read(bool head) {
  const std::string text = ReadUpTo("\r\n\r\n");
  if (text.empty()) return {};
  HttpReply reply = ParseHead(text);
  const std::string length = reply.Header("content-length");
  const size_t size = head || length.empty() ? 0 : std::stoul(length);
  while (buffer_.size() < size && Fill()) {
  }
  reply.body = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return reply;
}

bool HttpClient::IsClosed() {
  if (!buffer_.empty()) return false;
  char byte;
  return recv(socket_, &byte, 1, 0) == 0;
}

std::string RequestText(std::string_view method, std::string_view target, const std::vector<std::string>& headers,
                        std::string_view body, std::string_view host) {
  std::string text;
  text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n");
  for (const std::string& header : headers) text.append(header).append("\r\n");
  if (!body.empty() || method == "POST")
    text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  return text.append("\r\n").append(body);
}

}  // namespace plasa
