#include "trainer/kernels/kept_memory.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/util/accumulate.h>
#include <sys/mman.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <vector>

namespace plasa::trainer {
namespace {

constexpr size_t kLarge = size_t{8} << 20;  // bytes; a step makes few tensors as large
constexpr size_t kMostKept = 4;             // blocks
constexpr size_t kPage = size_t{2} << 20;   // a huge one

struct Block {
  void* data;
  size_t bytes;
};

class KeptBlocks {
 public:
  // Throws std::bad_alloc.
  void* Take(size_t bytes) {
    {
      const std::lock_guard lock(mutex_);
      const auto kept = std::find_if(kept_.begin(), kept_.end(), [&](const Block& b) { return b.bytes == bytes; });
      if (kept != kept_.end()) {
        void* data = kept->data;
        kept_.erase(kept);
        return data;
      }
    }
    void* data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (data == MAP_FAILED) throw std::bad_alloc();
    madvise(data, bytes, MADV_HUGEPAGE);
    return data;
  }

  void Give(Block block) {
    const std::lock_guard lock(mutex_);
    kept_.push_back(block);
    if (kept_.size() <= kMostKept) return;
    munmap(kept_.front().data, kept_.front().bytes);
    kept_.erase(kept_.begin());
  }

 private:
  std::mutex mutex_;
  std::vector<Block> kept_;  // oldest first
};

KeptBlocks& Blocks() {
  static auto* blocks = new KeptBlocks;  // tensors may go after the end of main
  return *blocks;
}

}  // namespace

at::Tensor KeptEmpty(at::IntArrayRef sizes, at::ScalarType type) {
  const auto options = at::TensorOptions().dtype(type);
  const size_t wanted = static_cast<size_t>(c10::multiply_integers(sizes)) * options.dtype().itemsize(),
               bytes = (wanted + kPage - 1) / kPage * kPage;
  if (wanted < kLarge) return at::empty(sizes, options);
  void* data = Blocks().Take(bytes);
  return at::from_blob(
      data, sizes,
      [bytes](void* p) {
        Blocks().Give({p, bytes});
      },
      options);
}

}  // namespace plasa::trainer
