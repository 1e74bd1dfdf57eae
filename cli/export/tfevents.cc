#include "cli/export/tfevents.h"

#include <bit>

#include "common/base/crc32c.h"

namespace plasa::cli {
namespace {

// Field numbers of TensorFlow's event.proto and summary.proto.
enum EventField { kWallTime = 1, kStep = 2, kFileVersion = 3, kSummary = 5 };
enum SummaryField { kValue = 1 };
enum ValueField { kTag = 1, kSimpleValue = 2 };
enum WireType { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

void AppendFixed(std::string* out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) *out += static_cast<char>(value >> (8 * i));
}

void AppendVarint(std::string* out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) *out += static_cast<char>(value | 0x80);
  *out += static_cast<char>(value);
}

void AppendKey(std::string* out, int field, WireType type) {
  AppendVarint(out, static_cast<uint64_t>(field) << 3 | static_cast<uint64_t>(type));
}

void AppendBytes(std::string* out, int field, const std::string& bytes) {
  AppendKey(out, field, kBytes);
  AppendVarint(out, bytes.size());
  *out += bytes;
}

std::string EventAt(double time_unix_s) {
  std::string event;
  AppendKey(&event, kWallTime, kFixed64);
  AppendFixed(&event, std::bit_cast<uint64_t>(time_unix_s), 8);
  return event;
}

// So that a CRC of data that hold CRCs is no weaker.
uint32_t Masked(uint32_t crc) { return std::rotr(crc, 15) + 0xA282EAD8u; }

}  // namespace

std::string TfRecord(const std::string& bytes) {
  std::string out;
  AppendFixed(&out, bytes.size(), 8);
  AppendFixed(&out, Masked(Crc32c(out)), 4);
  out += bytes;
  AppendFixed(&out, Masked(Crc32c(bytes)), 4);
  return out;
}

std::string TfVersionEvent(double time_unix_s) {
  std::string event = EventAt(time_unix_s);
  AppendBytes(&event, kFileVersion, "brain.Event:2");
  return event;
}

std::string TfScalarEvent(const std::string& name, int64_t step, double value, double time_unix_s) {
  std::string scalar;
  AppendBytes(&scalar, kTag, name);
  AppendKey(&scalar, kSimpleValue, kFixed32);
  AppendFixed(&scalar, std::bit_cast<uint32_t>(static_cast<float>(value)), 4);
  std::string summary;
  AppendBytes(&summary, kValue, scalar);
  std::string event = EventAt(time_unix_s);
  AppendKey(&event, kStep, kVarint);
  AppendVarint(&event, static_cast<uint64_t>(step));
  AppendBytes(&event, kSummary, summary);
  return event;
}

}  // namespace plasa::cli
