#include "trainer/safetensors.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "trainer/tensor_header.h"

namespace plasa::trainer {
namespace {

using nlohmann::ordered_json;

constexpr uint64_t kHeaderLimit = 100'000'000;

Error NoTensorFile(const std::string& reason, const std::string& path) {
  return Error{"not a tensor file: " + reason, path, ""};
}

// The text of the header at the start of a file of `size` bytes.
Result<std::string> ReadHeader(std::ifstream& in, uint64_t size, const std::string& path) {
  uint64_t header_size = 0;
  if (size < 8 || !in.read(reinterpret_cast<char*>(&header_size), 8))
    return NoTensorFile("shorter than its header length", path);
  if (header_size > kHeaderLimit || header_size > size - 8)
    return NoTensorFile("the header is longer than the file or 100 MB", path);
  std::string text(header_size, '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(header_size)))
    return NoTensorFile("the header cannot be read", path);
  return text;
}

// Reads the tensors one after the other, from where the header ends.
Result<TensorFile> ReadData(std::ifstream& in, const TensorHeader& header, const std::string& path) {
  TensorFile file;
  file.metadata = header.metadata;
  for (const TensorEntry& entry : header.entries) {
    const at::Tensor tensor = at::empty(entry.shape, entry.type);
    const auto bytes = static_cast<std::streamsize>(entry.end - entry.begin);
    if (bytes > 0 && !in.read(static_cast<char*>(tensor.data_ptr()), bytes))
      return NoTensorFile("its data cannot be read", path);
    file.tensors.emplace_back(entry.name, tensor);
  }
  return file;
}

}  // namespace

const at::Tensor* TensorFile::Find(const std::string& name) const {
  const auto it = std::find_if(tensors.begin(), tensors.end(), [&](const auto& t) { return t.first == name; });
  return it == tensors.end() ? nullptr : &it->second;
}

Outcome WriteTensors(const std::string& path, const TensorFile& file) {
  ordered_json header = ordered_json::object();
  if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
  std::vector<at::Tensor> data;
  uint64_t at = 0;
  for (const auto& [name, tensor] : file.tensors) {
    const char* type = TensorTypeName(tensor.scalar_type());
    if (!type) return Error{"tensor " + name + " has a type that cannot be written", path, ""};
    data.push_back(tensor.detach().to(at::kCPU).contiguous());
    header[name] = {
        {"dtype", type}, {"shape", tensor.sizes().vec()}, {"data_offsets", {at, at + data.back().nbytes()}}};
    at += data.back().nbytes();
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  const uint64_t size = text.size();
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(&size), 8);
  out.write(text.data(), static_cast<std::streamsize>(size));
  for (const at::Tensor& t : data)
    out.write(static_cast<const char*>(t.data_ptr()), static_cast<std::streamsize>(t.nbytes()));
  out.flush();
  if (!out) return Error{std::string("cannot be written: ") + std::strerror(errno), path, "is the disk full?"};
  return std::nullopt;
}

Result<TensorFile> ReadTensors(const std::string& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) return Error{std::string("cannot be opened: ") + std::strerror(errno), path, ""};
  const auto size = static_cast<uint64_t>(in.tellg());
  in.seekg(0);
  const auto text = ReadHeader(in, size, path);
  if (!text) return text.error();
  const auto header = ParseTensorHeader(*text, size - 8 - text->size());
  if (!header) return NoTensorFile(header.error().what, path);
  return ReadData(in, *header, path);
}

}  // namespace plasa::trainer
