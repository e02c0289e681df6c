/* What the device reaches at best: multiply-adds in registers, and reading its memory. */
#ifndef FASTERNET_HARNESS_GPU_PEAK_H
#define FASTERNET_HARNESS_GPU_PEAK_H

#include "gpu.h"
#include "gpu_ptx.h"

/* A multiple of the 4, 6 or 8 blocks of 256 threads that multiprocessors for 1024, 1536 and 2048 threads
   hold of the FMA kernel: its last wave is as full as the others. Registers may let fewer blocks of the
   other kernels in. */
enum { peak_threads = 256, peak_blocks_per_processor = 24 };
/* Windows of 0.3 to 4 ms from a T4 to an H100: long beside the resolution of events. */
enum { fma_rounds = 512, mma_rounds = 128 };
/* Far beyond every L2, and halved as long as it cannot be had, down to what all threads read in one round. */
static const size_t most_read_bytes = (size_t)1 << 30;

typedef struct peak_kernel {
  CUmodule module;
  CUfunction function;
  CUdeviceptr memory; /* that it reads; of the others one word */
  uint32_t blocks, rounds;
  double amount; /* floating point operations or bytes of a launch */
} peak_kernel;

static void queue_peak(gpu *g, const peak_kernel *kernel) {
  CUdeviceptr memory = kernel->memory;
  uint32_t rounds = kernel->rounds;
  void *parameters[] = {&memory, &rounds};
  GPU_CALL(g, driver, cuLaunchKernel, kernel->function, kernel->blocks, 1, 1, peak_threads, 1, 1, 0,
           g->stream, parameters, NULL);
}

/* A window of the kernel, in its amounts per second, behind an untimed launch: see gpu_graph.h. */
static double run_peak(gpu *g, const peak_kernel *kernel) {
  queue_peak(g, kernel);
  start_clock(g);
  queue_peak(g, kernel);
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
  const size_t of_round =
      (size_t)16 * reads_per_round * peak_threads * peak_blocks_per_processor * (size_t)g->processors;
  uint32_t rounds = of_round < most_read_bytes ? (uint32_t)(most_read_bytes / of_round) : 1;
  CUdeviceptr memory = 0;
  while (rounds > 1 && g->driver.cuMemAlloc(&memory, rounds * of_round) != CUDA_SUCCESS)
    rounds /= 2;
  if (memory != 0)
    GPU_CALL(g, driver, cuMemFree, memory);
  return load_peak(g, &ptx, rounds, 16.0 * reads_per_round, rounds * of_round);
}

#endif
