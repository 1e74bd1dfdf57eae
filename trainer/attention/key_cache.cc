#include "trainer/attention/key_cache.h"

#include <ATen/ops/empty.h>

namespace plasa::trainer {

at::Tensor Extend(at::Tensor& store, const at::Tensor& rows, int64_t dim, int64_t position, int64_t window) {
  if (!store.defined()) {
    auto shape = rows.sizes().vec();
    shape[static_cast<size_t>(dim)] = window;
    store = at::empty(shape, rows.options());
  }
  const int64_t count = rows.size(dim);
  store.narrow(dim, position, count).copy_(rows);
  return store.narrow(dim, 0, position + count);
}

RotaryTable TableRows(const RotaryTable& table, int64_t from, int64_t rows) {
  if (!table.cos.defined()) return table;
  return {table.cos.narrow(0, from, rows), table.sin.narrow(0, from, rows)};
}

}  // namespace plasa::trainer
