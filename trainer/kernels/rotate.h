// Splitting projections into heads and turning them by rotary positions, in one pass over memory.
#pragma once

#include <cstdint>

namespace plasa::trainer {

// How component j of a head is turned: y_j = x_j cos_j + x_partner(j) sin_j, with the tables of RotaryTable.
enum class RotaryStyle {
  kNone,
  kInterleaved,  // partners 2i and 2i+1
  kHalves,       // partners i and i + turned/2; components from `turned` on are copied
};

// One group of heads inside rows of projections.
struct HeadGroup {
  int64_t batch, length;
  int64_t heads, width;  // width of one head
  int64_t row;           // entries of one row of projections
  int64_t offset;        // of the first head in a row
  RotaryStyle style;
  int64_t turned;  // components a table row covers
};

// heads [B,heads,L,width] = the turned group of rows [B,L,row].
template <class T>
void SplitHeads(const HeadGroup& group, const T* rows, const T* cos, const T* sin, T* heads);

// Backward: fills the group of d_rows from d_heads.
template <class T>
void JoinHeads(const HeadGroup& group, const T* d_heads, const T* cos, const T* sin, T* d_rows);

}  // namespace plasa::trainer
