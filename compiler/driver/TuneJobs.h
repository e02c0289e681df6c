// A model's kernels as the jobs of `tune`, and what their data goes through between two calls.
#pragma once

#include "driver/Pipeline.h"

namespace fasternet {

struct TuneJob {
  Pipeline::KernelUse use;
  double weight = 0; ///< share of the budget, relative to the others
};

/// Heaviest first. Large kernels have most to win; but a small one has as many schedules to try.
std::vector<TuneJob> tuneJobs(const Pipeline &pipeline);

/// Of the whole model.
int64_t weightBytes(const Pipeline &pipeline);

/// What to read between two calls of a kernel on a CPU, in a model with so many bytes of weights; 0: nothing.
/// A kernel that is called now and then finds its weights, its input and its output's memory as far away as
/// the rest of the model pushed them; the blocks of a long stage find what the block before them left.
/// Measured for T0 on Zen 4: without this the embedding seems to take 0.11 ms, of 0.18 in the model, and the
/// schedule that is best there is not the best in the model. Twice the weights: a model writes and reads its
/// activations as well, and L3 is shared. With T0's weights once (16 MB) an L3 of 32 MB kept the image on Zen
/// 5, and the embedding that does not stage it seemed 6 % faster at 0.063 ms; with twice as many it takes
/// 0.161 against 0.080, as in the model (0.18 to 0.22 against 0.083).
int64_t otherBytes(int64_t weightBytes, const Pipeline::KernelUse &use);

} // namespace fasternet
