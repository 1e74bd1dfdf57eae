#include "trainer/model/head_sweep.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "trainer/kernels/factor_rows.h"
#include "trainer/kernels/free_threads.h"
#include "trainer/kernels/gemm.h"
#include "trainer/kernels/kept_memory.h"
#include "trainer/kernels/part_clock.h"

namespace plasa::trainer {
namespace {

// 512 x 256 logits, their words and rows fit the second-level cache of a core together.
constexpr int64_t kTileRows = 512, kTileWords = 256;
constexpr int64_t kParts = 16;    // of the vocabulary
constexpr double kHeadroom = 12;  // of a new shift above the logits it is made for: the next tiles may have larger ones

// Rows of the largest of equal chunks of `most` rows at most: a short last one would cost a pass over the weights too.
int64_t EqualChunks(int64_t rows, int64_t most) {
  const int64_t chunks = std::max<int64_t>(1, (rows + most - 1) / most);
  return std::max<int64_t>(1, (rows + chunks - 1) / chunks);
}

// A sweep over the tiles of one call. T: float or double. F: what products are made of, T or a type of precision bf16.
template <class T, class F>
class Head {
 public:
  explicit Head(const HeadInput& in)
      : rows_(in.x.size(0)),
        width_(in.x.size(1)),
        words_(in.weight.size(0)),
        tiles_((words_ + kTileWords - 1) / kTileWords),
        most_rows_(EqualChunks(rows_, std::clamp<int64_t>(in.most_logits / words_, 1, kTileRows))),
        x_(in.x.data_ptr<T>()),
        weight_(in.weight.data_ptr<T>()),
        labels_(in.labels.data_ptr<int64_t>()),
        x_factor_(ToFactors<F>(in.x)),
        weight_factor_(ToFactors<F>(in.weight)),
        sums_(static_cast<size_t>(tiles_ * most_rows_)),
        at_label_(static_cast<size_t>(most_rows_)),
        fresh_(static_cast<size_t>(tiles_)) {
    const auto labelled = std::count_if(labels_, labels_ + rows_, [](int64_t label) { return label >= 0; });
    row_weight_ = T(1) / static_cast<T>(labelled);
  }

  HeadGradient Sweep(const at::Tensor& x, const at::Tensor& weight) {
    const HeadGradient out{at::empty({rows_}, at::kDouble), at::empty_like(x),
                           KeptEmpty(weight.sizes(), weight.scalar_type())};
    const at::Tensor e = KeptEmpty({most_rows_ * words_}, x_factor_.scalar_type()),
                     e_words = at::empty({kParts, most_rows_ * width_}, x.options());
    e_ = Entries<F>(e);
    e_words_ = e_words.data_ptr<T>();
    ForChunks([&](int64_t first, int64_t n) {
      ForParts([&](int64_t part, int64_t begin, int64_t end, Room& room) {
        for (int64_t tile = begin; tile < end; ++tile) {
          Logits(first, n, tile, room.tile.get());
          const bool fresh = Shift(n, tile, tile == begin, room.tile.get());
          Exponentiate(n, tile, fresh, room.tile.get());
          AddWords(n, tile, tile == begin, EWords(part));
        }
      });
      Finish(first, n, out.nll.data_ptr<double>());
      ForParts([&](int64_t, int64_t begin, int64_t end, Room& room) {
        for (int64_t tile = begin; tile < end; ++tile)
          GradientOfWords(first, n, tile, room, out.d_weight.data_ptr<T>());
      });
      GradientOfRows(first, n, out.d_x.data_ptr<T>());
    });
    return out;
  }

  HeadRows Judge(const at::Tensor& x) {
    const at::Tensor nll = at::empty({rows_}, at::kDouble), correct = at::zeros({rows_}, at::kBool);
    beaten_.resize(static_cast<size_t>(most_rows_));
    ForChunks([&](int64_t first, int64_t n) {
      ForParts([&](int64_t, int64_t begin, int64_t end, Room& room) {
        const T* logits = room.tile.get();
        for (int64_t tile = begin; tile < end; ++tile) {
          Logits(first, n, tile, room.tile.get());
          (void)Shift(n, tile, tile == begin, logits);
          for (int64_t r = 0; r < n; ++r)
            Sums(tile)[r].sum = ExpSumOfRow(logits + r * WordsOf(tile), WordsOf(tile), Sums(tile)[r].shift);
        }
      });
      MarkBest(first, n, correct.data_ptr<bool>());
      Finish(first, n, nll.data_ptr<double>());
    });
    return {nll.to(x.scalar_type()), correct};
  }

 private:
  // What is known of a row's logits in a tile.
  struct RowSum {
    T largest, shift;
    T sum;  // of e^(logit - shift)
  };
  // What a thread works in.
  struct Room {
    explicit Room(int64_t rows, int64_t width)
        : tile(new T[static_cast<size_t>(rows * kTileWords)]), scaled(new F[static_cast<size_t>(rows * width)]) {}
    std::unique_ptr<T[]> tile;    // logits
    std::unique_ptr<F[]> scaled;  // rows of x times what e counts in the gradient
  };

  [[nodiscard]] int64_t WordsOf(int64_t tile) const { return std::min(kTileWords, words_ - tile * kTileWords); }
  [[nodiscard]] RowSum* Sums(int64_t tile) { return sums_.data() + tile * most_rows_; }
  // e of a tile, dense, [n, words].
  [[nodiscard]] F* E(int64_t n, int64_t tile) { return e_ + n * tile * kTileWords; }
  [[nodiscard]] Matrix<const F> WeightRows(int64_t tile) const {
    return {Entries<F>(weight_factor_) + tile * kTileWords * width_, width_};
  }
  // Whether the row's label is a word of the tile; its place there.
  [[nodiscard]] bool HasLabel(int64_t row, int64_t tile, int64_t* word) const {
    *word = labels_[row] - tile * kTileWords;
    return *word >= 0 && *word < WordsOf(tile);
  }

  // Calls f(first row, rows) for each chunk in order.
  template <class Use>
  void ForChunks(Use f) {
    for (int64_t first = 0; first < rows_; first += most_rows_) f(first, std::min(most_rows_, rows_ - first));
  }

  [[nodiscard]] int64_t FirstTile(int64_t part) const { return part * tiles_ / kParts; }
  [[nodiscard]] T* EWords(int64_t part) const { return e_words_ + part * most_rows_ * width_; }

  // Calls f(part, first tile, last tile + 1, room) for the parts of the vocabulary. What is summed over tiles is summed
  // a part and then over the parts, so that sums do not depend on threads.
  template <class Use>
  void ForParts(Use f) {
    ForFreeThreads(kParts, [&](auto next) {
      Room room(most_rows_, width_);
      for (int64_t part = next(); part >= 0; part = next()) f(part, FirstTile(part), FirstTile(part + 1), room);
    });
  }

  // Fills `logits`, dense, and takes those of labels.
  void Logits(int64_t first, int64_t n, int64_t tile, T* logits) {
    const int64_t words = WordsOf(tile);
    Gemm(false, true, n, words, width_, {Entries<F>(x_factor_) + first * width_, width_}, WeightRows(tile), T(0),
         {logits, words}, Sizes::kFew);
    int64_t word = 0;
    for (int64_t r = 0; r < n; ++r) {
      if (!HasLabel(first + r, tile, &word)) continue;
      at_label_[r] = logits[r * words + word];
      if (!beaten_.empty()) beaten_[r] = IsBeaten(logits + r * words, words, word);
    }
  }

  // Finds a shift above all logits of each row: that of the tile before, where it is large enough for all rows, and
  // never a smaller one, so that no sum grows when it is scaled to a new shift. Returns whether the shifts are new.
  bool Shift(int64_t n, int64_t tile, bool first, const T* logits) {
    RowSum* now = Sums(tile);
    const RowSum* before = first ? nullptr : Sums(tile - 1);
    bool fresh = first;
    for (int64_t r = 0; r < n; ++r) {
      now[r].largest = LargestOfRow(logits + r * WordsOf(tile), WordsOf(tile));
      fresh = fresh || now[r].largest > before[r].shift;
    }
    for (int64_t r = 0; r < n; ++r) {
      now[r].shift = fresh ? now[r].largest + T(kHeadroom) : before[r].shift;
      if (!first) now[r].shift = std::max(now[r].shift, before[r].shift);
    }
    return fresh;
  }

  void Exponentiate(int64_t n, int64_t tile, bool fresh, const T* logits) {
    const int64_t words = WordsOf(tile);
    F* e = E(n, tile);
    fresh_[static_cast<size_t>(tile)] = fresh;
    for (int64_t r = 0; r < n; ++r)
      Sums(tile)[r].sum = ExpRow(logits + r * words, words, Sums(tile)[r].shift, e + r * words);
  }

  // Losses of the rows. The tiles' shifts become what their e count in the gradient.
  void Finish(int64_t first, int64_t n, double* nll) {
    at::parallel_for(0, n, 1, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) FinishRow(first + r, r, nll);
    });
  }

  void FinishRow(int64_t row, int64_t r, double* nll) {
    const bool labelled = labels_[row] >= 0;
    T largest = Sums(0)[r].largest, sum = 0;
    for (int64_t tile = 1; tile < tiles_; ++tile) largest = std::max(largest, Sums(tile)[r].largest);
    for (int64_t tile = 0; tile < tiles_; ++tile) {
      T& shift = Sums(tile)[r].shift;
      shift = std::exp(shift - largest);
      sum += Sums(tile)[r].sum * shift;
    }
    const T share = labelled ? row_weight_ / sum : T(0);
    for (int64_t tile = 0; tile < tiles_; ++tile) Sums(tile)[r].shift *= share;
    nll[row] = labelled ? static_cast<double>(std::log(sum) + (largest - at_label_[r])) : 0.0;
  }

  // Adds the tile's e times its words to those of the part's tiles before it, which count less where shifts are new.
  void AddWords(int64_t n, int64_t tile, bool first, T* sum) {
    if (!first && fresh_[static_cast<size_t>(tile)]) {
      for (int64_t r = 0; r < n; ++r)
        ScaleRow(std::exp(Sums(tile - 1)[r].shift - Sums(tile)[r].shift), sum + r * width_, width_, sum + r * width_);
    }
    const int64_t words = WordsOf(tile);
    Gemm(false, false, n, width_, words, {E(n, tile), words}, WeightRows(tile), first ? T(0) : T(1), {sum, width_},
         Sizes::kFew);
  }

  // d(weight) of the tile's words: softmax - one-hot, times the rows of x and their weights.
  void GradientOfWords(int64_t first, int64_t n, int64_t tile, Room& room, T* d_weight) {
    const int64_t words = WordsOf(tile);
    T* d_rows = d_weight + tile * kTileWords * width_;
    if (fresh_[static_cast<size_t>(tile)]) {
      for (int64_t r = 0; r < n; ++r)
        ScaleRow(Sums(tile)[r].shift, x_ + (first + r) * width_, width_, room.scaled.get() + r * width_);
    }
    Gemm(true, false, words, width_, n, {E(n, tile), words}, {room.scaled.get(), width_}, first > 0 ? T(1) : T(0),
         {d_rows, width_}, Sizes::kFew);
    int64_t word = 0;
    for (int64_t r = 0; r < n; ++r)
      if (HasLabel(first + r, tile, &word))
        AddRow(-row_weight_, x_ + (first + r) * width_, width_, d_rows + word * width_);
  }

  // d(x): the same times the words.
  void GradientOfRows(int64_t first, int64_t n, T* d_x) {
    at::parallel_for(0, n, 1, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        T* row = d_x + (first + r) * width_;
        std::fill_n(row, width_, T(0));
        for (int64_t part = 0; part < kParts; ++part)
          if (const int64_t last = FirstTile(part + 1) - 1; last >= FirstTile(part))
            AddRow(Sums(last)[r].shift, EWords(part) + r * width_, width_, row);
        if (const int64_t label = labels_[first + r]; label >= 0)
          AddRow(-row_weight_, weight_ + label * width_, width_, row);
      }
    });
  }

  // Whether another word of the tile comes before the label's: by its logit, or at a tie by its place.
  static bool IsBeaten(const T* logits, int64_t words, int64_t label) {
    const T mine = logits[label];
    for (int64_t i = 0; i < words; ++i)
      if (i < label ? logits[i] >= mine : logits[i] > mine) return true;
    return false;
  }

  // Before Finish.
  void MarkBest(int64_t first, int64_t n, bool* correct) {
    for (int64_t r = 0; r < n; ++r) {
      const int64_t label = labels_[first + r], home = label / kTileWords;
      if (label < 0) continue;
      bool best = !beaten_[r] && at_label_[r] == at_label_[r];
      for (int64_t tile = 0; tile < tiles_; ++tile) {
        const T top = Sums(tile)[r].largest;
        if (tile != home && (tile < home ? top >= at_label_[r] : top > at_label_[r])) best = false;
      }
      correct[first + r] = best;
    }
  }

  const int64_t rows_, width_, words_, tiles_, most_rows_;
  const T *x_, *weight_;
  const int64_t* labels_;
  const at::Tensor x_factor_, weight_factor_;
  T row_weight_ = 0;
  std::vector<RowSum> sums_;     // [tile, row of the chunk]
  std::vector<T> at_label_;      // logits of the labels
  std::vector<uint8_t> beaten_;  // rows whose label is not the best of its tile
  std::vector<uint8_t> fresh_;   // tiles whose shifts are not those of the tile before
  F* e_ = nullptr;               // by tiles
  T* e_words_ = nullptr;         // e times words, summed over a part's tiles: [part, row of the chunk, width]
};

template <class Use>
void Dispatch(const HeadInput& in, Use use) {
  if (in.bf16) return WithBf16Factor([&](auto f) { use(Head<float, decltype(f)>(in)); });
  AT_DISPATCH_FLOATING_TYPES(in.x.scalar_type(), "Head", [&] { use(Head<scalar_t, scalar_t>(in)); });
}

}  // namespace

HeadGradient SweepHead(const HeadInput& in) {
  const PartTimer timer(Part::kHead);
  HeadGradient out;
  Dispatch(in, [&](auto head) { out = head.Sweep(in.x, in.weight); });
  return out;
}

HeadRows JudgeHead(const HeadInput& in) {
  const PartTimer timer(Part::kHead);
  HeadRows out;
  Dispatch(in, [&](auto head) { out = head.Judge(in.x); });
  return out;
}

}  // namespace plasa::trainer
