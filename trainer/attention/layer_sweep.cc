#include "trainer/attention/layer_sweep.h"

#include <ATen/Dispatch.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "trainer/attention/index_tiles.h"
#include "trainer/attention/select_rows.h"
#include "trainer/attention/selection.h"
#include "trainer/kernels/part_clock.h"

namespace plasa::trainer {
namespace {

// What a thread works in.
template <class T>
struct Scratch {
  Scratch(const QkvLayout& layout, const FusedAttentionOptions& options)
      : z(ScoreStripOf(layout.length)),
        keep(KeepRoomOf(layout.length)),
        chosen(layout.length),
        order(layout.length),
        keys(options.block > 0 ? 0 : options.k),
        blocks(options.k, std::max<int64_t>(1, options.block)) {
    const bool indexed = options.index.q.defined(), learns = options.learns;
    if (options.block > 0) {
      picked = PickedRows<T>(blocks.MostKeys(layout.length) * layout.width);
      if (learns) index_rows = PickedRows<T>(blocks.MostKeys(layout.length) * options.index.k.size(2));
    }
    const auto strip = static_cast<size_t>(StripOf(layout.length));
    if (indexed) scores.resize(strip);
    if (learns) {
      teacher.resize(strip);
      dots.resize(ScoreStripOf(layout.length));
    }
  }

  std::vector<T> z, scores, teacher, dots;  // strips; z and dots also ones of products
  std::vector<T> keep;                      // dropout factors of a row
  std::vector<uint8_t> chosen;              // keys of a row
  std::vector<OrderOf<T>> order;
  TileKeys keys;
  TileBlocks blocks;
  PickedRows<T> picked, index_rows;  // the latter: keys of the indexer, their gradient
};

// One call.
template <class T>
class Sweep {
 public:
  Sweep(const QkvLayout& layout, const SplitQkv& in, const FusedAttentionOptions& options, const at::Tensor& set)
      : layout_(layout),
        options_(options),
        sets_(set),
        kept_(EmptyKept(layout, options.k, options.block, options.dropout)),
        attention_(layout, in, sets_, kept_, options.k, options.block, options.dropout) {
    if (options.index.q.defined()) index_.emplace(options.index);
    rows_.first = options.first_loss;
    rows_.count = std::max<int64_t>(1, layout.batch * (layout.length - rows_.first));
    out_.output = at::empty({layout.batch, layout.length, layout.heads * layout.width}, in.q.options());
    out_.kept = kept_;
    out_.lse = at::empty({layout.batch, layout.heads, layout.length}, in.q.options());
    if (!options.learns) return;
    const int64_t parts = layout.batch * PartsOf(layout.length);
    d_k_ = at::zeros({parts, layout.length, options.index.k.size(2)}, in.q.options());
    losses_.resize(parts);
    out_.d_index = {at::empty_like(options.index.q), at::Tensor(), at::empty_like(options.index.w)};
  }

  SweepResult Run() {
    ForTiles(layout_.batch, layout_.length, [this] {
      return [this, s = Scratch<T>(layout_, options_)](const Tile& tile, int64_t part) mutable {
        if (options_.block == 0) return Work(tile, part, s);
        ForBlocks(tile.b, tile.t0, tile.keys, options_.block, [&](const Tile& t) { WorkBlock(t, part, s); });
      };
    });
    if (options_.learns) Collect();
    return std::move(out_);
  }

 private:
  void Work(const Tile& tile, int64_t part, Scratch<T>& s) {
    PartTimer timer(Part::kIndex);
    if (index_) index_->Scores(tile, s.z.data(), s.scores.data());
    timer.Next(Part::kSelect);
    if (options_.k > 0) Choose(tile, s);
    const TileKeys* keys = IsGathered(tile, options_.k) ? &s.keys : nullptr;
    if (keys) s.keys.Read(tile, sets_);
    timer.Next(Part::kAttention);
    attention_.Forward(tile, keys, out_.output.template data_ptr<T>(), out_.lse.template data_ptr<T>(),
                       options_.learns ? s.teacher.data() : nullptr, s.z.data(), s.keep.data());
    timer.Next(Part::kIndexLoss);
    if (options_.learns) Learn(tile, part, s);
  }

  // The queries of a block. Only keys of chosen blocks are touched, but by the scores of the first query.
  void WorkBlock(const Tile& tile, int64_t part, Scratch<T>& s) {
    PartTimer timer(Part::kIndex);
    if (s.blocks.IsChoice(tile)) index_->Scores(Tile(tile.b, tile.t0, tile.t0 + 1), s.z.data(), s.scores.data());
    timer.Next(Part::kSelect);
    s.blocks.Choose(tile, s.scores.data());
    s.blocks.Write(tile, sets_);
    timer.Next(Part::kAttention);
    attention_.ForwardBlocks(tile, s.blocks, s.picked, out_.output.template data_ptr<T>(),
                             out_.lse.template data_ptr<T>(), options_.learns ? s.teacher.data() : nullptr, s.z.data(),
                             s.keep.data());
    timer.Next(Part::kIndexLoss);
    if (options_.learns) LearnBlock(tile, part, s);
  }

  // Spec 6.1.
  void Choose(const Tile& tile, Scratch<T>& s) const {
    for (int64_t r = 0; r < tile.rows; ++r) {
      const int64_t t = tile.t0 + r;
      if (!SelectRow(s.scores.data() + r * tile.room, nullptr, t + 1, options_.k, s.order.data(), s.chosen.data()))
        ThrowNanScore();
      PackKeys(s.chosen.data(), t + 1, sets_.Row(tile.b, t));
    }
  }

  // The gradient of a scalar is known but for one factor, so it is computed with the loss. Spec 7.
  void Learn(const Tile& tile, int64_t part, Scratch<T>& s) {
    T *gradient = s.z.data(), *d_q = out_.d_index.q.template data_ptr<T>(),
      *d_k = d_k_.template data_ptr<T>() + part * d_k_.stride(0), *d_w = out_.d_index.w.template data_ptr<T>();
    if (IsGathered(tile, options_.k)) {
      losses_[part] += index_->LossOfKeys(tile, s.keys, s.scores.data(), s.teacher.data(), rows_, gradient);
      index_->BackwardOfKeys(tile, s.keys, gradient, s.dots.data(), d_q, d_k, d_w);
    } else {
      losses_[part] += index_->Loss(tile, s.scores.data(), s.teacher.data(), sets_, rows_, gradient);
      index_->Backward(tile, gradient, s.dots.data(), d_q, d_k, d_w);
    }
  }

  void LearnBlock(const Tile& tile, int64_t part, Scratch<T>& s) {
    const Tile packed = s.blocks.Packed(tile);
    const int64_t shift = tile.t0 - packed.t0, width = options_.index.k.size(2), row = layout_.length * width;
    s.blocks.Pick(tile, options_.index.k.template data_ptr<T>() + tile.b * row, width, s.index_rows.k.data());
    const IndexTiles<T> index = index_->Over(tile.b, shift, s.index_rows.k.data());
    index.Scores(packed, s.dots.data(), s.scores.data());
    losses_[part] += index.Loss(packed, s.scores.data(), s.teacher.data(), SetRows(at::Tensor()),
                                {rows_.first - shift, rows_.count}, s.z.data());
    std::fill_n(s.index_rows.v.data(), packed.keys * width, T(0));
    index.Backward(packed, s.z.data(), s.dots.data(),
                   out_.d_index.q.template data_ptr<T>() + index_->QueryAt(tile.b, 0, shift), s.index_rows.v.data(),
                   out_.d_index.w.template data_ptr<T>() + index_->WeightAt(tile.b, shift, 0));
    s.blocks.AddTo(tile, s.index_rows.v.data(), width, d_k_.template data_ptr<T>() + part * d_k_.stride(0));
  }

  void Collect() {
    for (const double loss : losses_) out_.loss += loss;
    out_.loss /= static_cast<double>(rows_.count);
    out_.d_index.k = d_k_.unflatten(0, {layout_.batch, PartsOf(layout_.length)}).sum(1);
  }

  const QkvLayout& layout_;
  const FusedAttentionOptions& options_;
  SetRows sets_;
  at::Tensor kept_;
  AttentionTiles<T> attention_;
  std::optional<IndexTiles<T>> index_;
  LossRows rows_;
  at::Tensor d_k_;  // [B * parts, L, d_I]
  std::vector<double> losses_;
  SweepResult out_;
};

}  // namespace

SweepResult SweepLayer(const QkvLayout& layout, const SplitQkv& in, const FusedAttentionOptions& options,
                       const at::Tensor& set) {
  SweepResult out;
  AT_DISPATCH_FLOATING_TYPES(in.q.scalar_type(), "SweepLayer",
                             [&] { out = Sweep<scalar_t>(layout, in, options, set).Run(); });
  return out;
}

}  // namespace plasa::trainer
