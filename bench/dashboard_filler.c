/* A trainer that learns nothing and writes what one that did would: audits, POINTS metric events, layer statistics, a result.
 * See dashboard.py. Its figures depend on the attempt's directory alone, which carries the trial's id. */
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#ifndef POINTS
#define POINTS 2000
#endif

static uint32_t state;

/* Uniform in [0, 1). */
static double draw(void) {
  state = state * 1664525u + 1013904223u;
  return (state >> 8) / 16777216.0;
}

static void seed_from_directory(void) {
  char path[4096];
  if (getcwd(path, sizeof path) == NULL) path[0] = 0;
  for (const char *c = path; *c; ++c) state = state * 31u + (unsigned char)*c;
}

int main(void) {
  seed_from_directory();
  FILE *out = fopen("events.jsonl", "a");
  if (out == NULL) return 3;
  int seq = 0;
  double loss = 0, floor = 1.5 + 0.3 * draw();
  fprintf(out, "{\"seq\":%d,\"type\":\"start\",\"step\":0,\"time\":0,\"checkpoint\":null,\"steps_total\":%d,\"valid\":true,\"invalid_reasons\":[]}\n",
          ++seq, POINTS);
  for (int audit = 1; audit <= 13; ++audit)
    fprintf(out, "{\"seq\":%d,\"type\":\"audit\",\"step\":0,\"time\":0,\"number\":%d,\"name\":\"audit %d\",\"passed\":true,\"figure\":0,"
            "\"message\":\"as long a sentence as those that say what an audit has measured\"}\n", ++seq, audit, audit);
  for (int step = 0; step < POINTS; ++step) {
    loss = floor + 4 * exp(-step / 300.0) + 0.05 * draw();
    fprintf(out, "{\"seq\":%d,\"type\":\"metric\",\"step\":%d,\"time\":%d,\"metrics\":{\"val/loss\":%.6f}}\n", ++seq, step, step, loss);
  }
  fprintf(out, "{\"seq\":%d,\"type\":\"stats\",\"step\":%d,\"time\":%d,\"layers\":[{\"layer_idx\":0,\"layer_k\":64,\"actual_k\":64,\"k_ratio\":1}]}\n",
          ++seq, POINTS - 1, POINTS);
  fprintf(out,
          "{\"seq\":%d,\"type\":\"result\",\"step\":%d,\"time\":%d,\"valid\":true,\"invalid_reasons\":[],\"metrics\":{\"val/loss\":%.6f},"
          "\"record\":{\"time_per_step\":%.4f,\"layer_k\":[64,16,64],\"config\":{\"seq_len\":64},\"flops\":{\"train_step\":1000000}}}\n",
          ++seq, POINTS, POINTS, loss, 0.01 + 0.001 * draw());
  return fclose(out) == 0 ? 0 : 1;
}
