#include "schedules/cuda/LaunchModel.h"
#include "schedules/cuda/ThreadTiling.h"
#include "targets/Cpus.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cmath>

using namespace fasternet;

namespace {

constexpr int64_t warp = 32, schedulers = 4, registersOfMultiprocessor = 65536;
// Published microbenchmarks of Volta to Hopper (Jia et al. 2018, Luo et al. 2024), rounded: 30 cycles to L1
// and shared memory, 200 to 270 to L2, whose bandwidth is 32 to 64 bytes per multiprocessor and cycle.
constexpr double l2Latency = 250, sharedLatency = 30, barrier = 40, l2BytesPerCycle = 40,
                 l1BytesPerCycle = 128;
/// Small tiles pay for latency that the model may overrate with issue slots that others cannot use.
constexpr double missingSharePrice = 8;
/// Until the first block runs, after the launch before has written its results: about 1.5 us in a graph.
constexpr double launchOverhead = 2000;

int64_t threadsOfMultiprocessor(const Target &target) {
  switch (target.isa) {
  case Isa::SM75:
    return 1024;
  case Isa::SM86:
  case Isa::SM89:
    return 1536;
  default:
    return 2048;
  }
}

/// Blocks that are on a multiprocessor at once.
int64_t residentBlocks(const Target &target, const std::vector<Phase> &phases, int64_t sharedBytes) {
  constexpr int64_t mostBlocks = 16, reservedBytes = 1024;
  int64_t threads = 1, registers = 1;
  for (const Phase &phase : phases) {
    threads = std::max<int64_t>(threads, int64_t(llvm::alignTo(phase.threads, warp)));
    registers = std::max(registers, phase.registers);
  }
  const int64_t resident =
      std::min({threadsOfMultiprocessor(target) / threads, registersOfMultiprocessor / (threads * registers),
                (target.blockSharedBytes() + reservedBytes) / (sharedBytes + reservedBytes)});
  return std::clamp<int64_t>(resident, 1, mostBlocks);
}

/// Cycles until `together` blocks on one multiprocessor are through.
double blockCycles(const std::vector<Phase> &phases, int64_t together) {
  double cycles = 0;
  for (const Phase &phase : phases)
    cycles += phaseCycles(phase, together);
  return cycles;
}

} // namespace

double fasternet::phaseCycles(const Phase &phase, int64_t together) {
  const auto warps = double(together * int64_t(llvm::divideCeil(phase.threads, warp)));
  // A warp alone waits for the first batch of loads; the others come while it works on those before.
  const double batch = phase.issue / phase.batches;
  const double alone = l2Latency + (phase.batches - 1) * std::max(l2Latency, batch) + batch;
  const double iteration = std::max({std::ceil(warps / schedulers) * phase.issue, warps * phase.port, alone});
  const double cycles =
      std::max(phase.iterations * iteration, double(together) * phase.l2Bytes / l2BytesPerCycle);
  return (cycles + phase.once + barrier) * (1 + missingSharePrice * phase.missingShare);
}

int64_t SumShape::fetch(int64_t pieces) const {
  return std::min(vectorOf(terms / pieces), mostFetched);
}

int64_t fasternet::unrollFor(const SumShape &shape, const ThreadTile &thread) {
  // 16 bytes each: 8 KiB of code for a loop.
  constexpr int64_t mostProducts = 512, mostUnrolled = 8;
  const int64_t fetch = shape.fetch(thread.pieces), loads = shape.terms / thread.pieces / fetch;
  const int64_t products = thread.channels * thread.pixels * fetch * shape.taps;
  const int64_t most = std::clamp<int64_t>(mostProducts / products, 1, mostUnrolled);
  // Two iterations at least keep a loop, unless that would unroll nothing.
  const int64_t unroll = largestDivisor(loads, std::min(most, std::max<int64_t>(1, loads / 2)));
  return unroll > 1 ? unroll : largestDivisor(loads, most);
}

Phase fasternet::sumPhase(const Target &target, const SumShape &shape, const BlockTile &block,
                          const ThreadTile &thread) {
  // ptxas moves loads ahead of the products as far as 32 registers or so allow.
  constexpr double loopInstructions = 8, movesPerProduct = 0.05, slotsPerWeightLoad = 1.3,
                   registersInFlight = 32;
  constexpr int64_t addressRegisters = 24;
  const int64_t terms = shape.terms / thread.pieces, fetch = shape.fetch(thread.pieces);
  const int64_t vector = vectorOf(thread.channels);
  const int64_t unroll = unrollFor(shape, thread);
  const int64_t groups = block.channels / thread.channels, lanes = std::min(groups, warp);
  const auto products = double(thread.channels * thread.pixels * fetch * shape.taps * unroll);
  const auto pixelLoads = double((thread.pixels + shape.taps - 1) * unroll);
  const auto weightLoads = double(thread.channels / vector * fetch * shape.taps * unroll);
  Phase phase;
  phase.threads = threadsOf(block, thread);
  phase.registers = thread.channels * thread.pixels + fetch * (thread.pixels + shape.taps - 1) +
                    thread.channels * fetch + addressRegisters;
  phase.iterations = double(terms / fetch / unroll * shape.places);
  const double instructions =
      products * (1 + movesPerProduct) + pixelLoads + slotsPerWeightLoad * weightLoads + loopInstructions;
  // Results of pieces are stored, read and added once more.
  const double results = double(thread.channels * thread.pixels);
  const double afterwards = thread.pieces > 1 ? results * (1 + 2.0 / double(vector)) : 0;
  phase.missingShare =
      std::max(0.0, shape.wantedShare - products / (instructions + afterwards / phase.iterations));
  phase.issue = std::max(products * double(schedulers * warp) / double(target.fmaFloats), instructions);
  const double weightPort = std::max(1.0, double(lanes * vector * 4) / l1BytesPerCycle);
  const auto distinctPixels = double(llvm::divideCeil(warp, groups));
  phase.port = weightLoads * weightPort + pixelLoads * (shape.isStaged ? 1.0 : distinctPixels);
  phase.batches = std::max(1.0, weightLoads * double(vector) / registersInFlight);
  phase.l2Bytes = double(block.channels * shape.terms * shape.places * shape.taps * 4);
  if (!shape.isStaged)
    phase.l2Bytes += double(shape.terms * shape.places * block.places() * 4);
  if (thread.pieces > 1)
    phase.once = 2 * barrier + sharedLatency +
                 double(thread.pieces * thread.channels / vector) *
                     std::ceil(double(thread.pixels) / double(thread.pieces)) * 4;
  return phase;
}

Phase fasternet::copyPhase(double bytes, int64_t threads) {
  constexpr double bytesOfLoad = 16, loadsAtOnce = 8;
  Phase phase;
  phase.threads = threads;
  const double rounds = std::ceil(bytes / bytesOfLoad / double(threads));
  phase.iterations = std::ceil(rounds / loadsAtOnce);
  phase.issue = 4 * std::min(rounds, loadsAtOnce);
  phase.port = 4 * std::min(rounds, loadsAtOnce);
  phase.l2Bytes = bytes;
  return phase;
}

double fasternet::launchCycles(const Target &target, const LaunchPlan &plan) {
  // The tensors of a launch that are larger than this do not wait in L2 for the next one.
  const double keptBytes = double(target.l2Bytes) / 2;
  const int64_t resident = residentBlocks(target, plan.phases, plan.sharedBytes);
  const auto onBusiest = int64_t(llvm::divideCeil(plan.blocks, target.cores));
  const double cycles = double(onBusiest / resident) * blockCycles(plan.phases, resident) +
                        (onBusiest % resident ? blockCycles(plan.phases, onBusiest % resident) : 0);
  const double memory =
      plan.tensorBytes > keptBytes ? plan.tensorBytes / findCpu(target.tuneFor)->memoryBytesPerCycle : 0;
  return launchOverhead + std::max(cycles, memory);
}
