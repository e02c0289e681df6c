#include "device/Occupancy.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace fasternet;

namespace {

/// CUDA C++ Programming Guide, "Technical Specifications per Compute Capability": resident threads and blocks
/// of a multiprocessor and its shared memory. From 8.0 on the system keeps 1 KiB of it for each block. Shared
/// memory is given out in the units that the toolkit's cuda_occupancy.h names.
struct Multiprocessor {
  int64_t capability, threads, blocks, sharedBytes, sharedOfSystem, sharedUnit;
};
constexpr Multiprocessor multiprocessors[] = {
    {75, 1024, 16, 64 << 10, 0, 256},     {80, 2048, 32, 164 << 10, 1024, 128},
    {86, 1536, 16, 100 << 10, 1024, 128}, {89, 1536, 24, 100 << 10, 1024, 128},
    {90, 2048, 32, 228 << 10, 1024, 128},
};

/// The same for all of them. Registers belong to one of the multiprocessor's four parts, and are given to a
/// warp in units (cuda_occupancy.h).
constexpr int64_t warpThreads = 32, blockThreads = 1024, registersPerPart = 16 << 10, parts = 4,
                  registerUnit = 256;

} // namespace

const char *fasternet::limitName(OccupancyLimit limit) {
  switch (limit) {
  case OccupancyLimit::Threads:
    return "threads";
  case OccupancyLimit::Blocks:
    return "blocks";
  case OccupancyLimit::Registers:
    return "registers";
  case OccupancyLimit::SharedMemory:
    return "shared";
  }
  llvm_unreachable("covered switch");
}

std::optional<Occupancy> fasternet::theoreticalOccupancy(int64_t capability, int64_t threads,
                                                         int64_t registers, int64_t sharedBytes) {
  const auto *processor =
      llvm::find_if(multiprocessors, [&](const Multiprocessor &m) { return m.capability == capability; });
  if (processor == std::end(multiprocessors))
    return std::nullopt;
  const int64_t warps = std::max<int64_t>(llvm::divideCeil(threads, warpThreads), 1);
  const int64_t warpRegisters = llvm::alignTo(std::max<int64_t>(registers, 1) * warpThreads, registerUnit);
  const int64_t shared = llvm::alignTo(sharedBytes + processor->sharedOfSystem, processor->sharedUnit);
  const int64_t warpsThere = processor->threads / warpThreads;

  const std::pair<OccupancyLimit, int64_t> limits[] = {
      {OccupancyLimit::Threads, threads > blockThreads ? 0 : warpsThere / warps},
      {OccupancyLimit::Blocks, processor->blocks},
      {OccupancyLimit::Registers, registersPerPart / warpRegisters * parts / warps},
      {OccupancyLimit::SharedMemory, shared == 0 ? processor->blocks : processor->sharedBytes / shared},
  };
  Occupancy occupancy = {.blocks = limits[0].second, .limit = limits[0].first};
  for (const auto &[limit, blocks] : limits)
    if (blocks < occupancy.blocks) {
      occupancy.blocks = blocks;
      occupancy.limit = limit;
    }
  occupancy.share = double(occupancy.blocks * warps) / double(warpsThere);
  return occupancy;
}
