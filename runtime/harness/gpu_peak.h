/* What the device reaches at best: multiply-adds in registers, and reading its memory. */
#ifndef FASTERNET_HARNESS_GPU_PEAK_H
#define FASTERNET_HARNESS_GPU_PEAK_H

#include "gpu.h"
#include "gpu_ptx.h"

/* A multiple of the 4, 6 or 8 blocks of 256 threads that multiprocessors for 1024, 1536 and 2048 threads
   hold: the last wave is as full as the others. */
enum { peak_threads = 256, peak_blocks_per_processor = 24 };
/* Windows of 0.3 to 4 ms from a T4 to an H100: long beside the resolution of events. */
enum { fma_rounds = 512, mma_rounds = 128 };
/* Far beyond every L2, and halved as long as it cannot be had. */
static const size_t most_read_bytes = (size_t)1 << 30, least_read_bytes = (size_t)1 << 24;

typedef struct peak_kernel {
  CUmodule module;
  CUfunction function;
  CUdeviceptr memory; /* that it reads; of the others one word */
  uint32_t blocks, rounds;
  double amount; /* floating point operations or bytes of a launch */
} peak_kernel;

/* A window of the kernel, in its amounts per second. */
static double run_peak(gpu *g, const peak_kernel *kernel) {
  CUdeviceptr memory = kernel->memory;
  uint32_t rounds = kernel->rounds;
  void *parameters[] = {&memory, &rounds};
  start_clock(g);
  GPU_CALL(g, driver, cuLaunchKernel, kernel->function, kernel->blocks, 1, 1, peak_threads, 1, 1, 0,
           g->stream, parameters, NULL);
  return kernel->amount / stop_clock(g);
}

static peak_kernel load_peak(gpu *g, const ptx_text *ptx, uint32_t rounds, double amount_of_thread,
                             size_t bytes) {
  peak_kernel kernel = {.blocks = (uint32_t)g->processors * peak_blocks_per_processor, .rounds = rounds};
  GPU_CALL(g, driver, cuModuleLoadData, &kernel.module, ptx->text);
  GPU_CALL(g, driver, cuModuleGetFunction, &kernel.function, kernel.module, "peak");
  kernel.memory = allocate_on_gpu(g, bytes);
  GPU_CALL(g, driver, cuMemsetD8Async, kernel.memory, 0, bytes, g->stream);
  kernel.amount = amount_of_thread * rounds * peak_threads * kernel.blocks;
  run_peak(g, &kernel); /* code is loaded */
  return kernel;
}

static inline void unload_peak(gpu *g, const peak_kernel *kernel) {
  GPU_CALL(g, driver, cuMemFree, kernel->memory);
  GPU_CALL(g, driver, cuModuleUnload, kernel->module);
}

/* Of float32, or what tensor cores do with "f16" or "tf32". */
static inline peak_kernel load_multiply_peak(gpu *g, const char *tensor_cores) {
  ptx_text ptx;
  if (tensor_cores == NULL) {
    write_fma_peak(&ptx);
    return load_peak(g, &ptx, fma_rounds, 2.0 * fma_per_round, sizeof(uint32_t));
  }
  const int macs = write_mma_peak(&ptx, strcmp(tensor_cores, "tf32") == 0, g->capability);
  return load_peak(g, &ptx, mma_rounds, 2.0 * macs * mma_per_round / 32, sizeof(uint32_t));
}

static inline peak_kernel load_reading_peak(gpu *g) {
  ptx_text ptx;
  write_reading_peak(&ptx);
  const double of_round =
      16.0 * reads_per_round * peak_threads * peak_blocks_per_processor * (double)g->processors;
  size_t bytes = most_read_bytes;
  CUdeviceptr memory;
  while (bytes > least_read_bytes && g->driver.cuMemAlloc(&memory, bytes) != CUDA_SUCCESS)
    bytes /= 2;
  if (bytes > least_read_bytes)
    GPU_CALL(g, driver, cuMemFree, memory);
  const uint32_t rounds = (uint32_t)((double)bytes / of_round);
  return load_peak(g, &ptx, rounds == 0 ? 1 : rounds, 16.0 * reads_per_round,
                   (size_t)of_round * (rounds == 0 ? 1 : rounds));
}

#endif
