#include "trainer/data/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace plasa::trainer {

Result<MappedFile> MappedFile::Open(const std::filesystem::path& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return Error{std::string("cannot be opened: ") + std::strerror(errno), path.string(),
                 "check the path and its permissions"};
  struct stat info {};
  MappedFile file;
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    close(fd);
    return Error{"is not a regular file", path.string(), "name a file"};
  }
  if (info.st_size > 0) {
    void* address = mmap(nullptr, static_cast<size_t>(info.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
    if (address == MAP_FAILED) {
      close(fd);
      return Error{std::string("cannot be mapped: ") + std::strerror(errno), path.string(), "check the file system"};
    }
    file.data_ = static_cast<const uint8_t*>(address);
    file.size_ = static_cast<size_t>(info.st_size);
  }
  close(fd);
  return file;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) munmap(const_cast<uint8_t*>(data_), size_);
}

}  // namespace plasa::trainer
