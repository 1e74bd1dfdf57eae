#include "common/base/resume_chain.h"

#include "common/base/sha256.h"

namespace plasa {

std::string FirstResumeLink(const std::string& trial, const std::string& hardware_class, const std::string& build,
                            const std::string& data_digest) {
  std::string text = "plasa resume certificate 1\n";
  for (const std::string& part : {trial, hardware_class, build, data_digest}) text += part + "\n";
  return Sha256Hex(text);
}

std::string NextResumeLink(const std::string& chain, int64_t step, const std::string& loaded) {
  return Sha256Hex(chain + "\n" + std::to_string(step) + "\n" + loaded + "\n");
}

}  // namespace plasa
