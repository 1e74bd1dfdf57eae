// Adam's update of many numbers in one pass, and the norm of their gradient.
#pragma once

#include <cstdint>

namespace plasa::trainer {

// Of one step: g' = factor g + l2 p, p' = keep p, m = beta1 m + (1 - beta1) g', v = beta2 v + (1 - beta2) g'^2,
// p = p' - rate m / (sqrt(v) / root + eps).
struct AdamRates {
  double factor, l2, keep, beta1, beta2, rate, root, eps;
};

// n entries each of parameters, gradients and moments. Entry by entry, so that it may be cut anywhere.
void AdamRow(const AdamRates& rates, int64_t n, float* p, const float* g, float* m, float* v);
void AdamRow(const AdamRates& rates, int64_t n, double* p, const double* g, double* m, double* v);

// Sum of the squares of n entries, in T.
float SquaresOfRow(int64_t n, const float* x);
double SquaresOfRow(int64_t n, const double* x);

}  // namespace plasa::trainer
