#include "schedules/cuda/LaunchModel.h"
#include "schedules/cuda/ThreadTiling.h"
#include "targets/Cpus.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace fasternet;

namespace {

constexpr int64_t warp = 32, schedulers = 4, registersOfMultiprocessor = 65536;
// Published microbenchmarks of Volta to Hopper (Jia et al. 2018, Luo et al. 2024), rounded: 30 cycles to L1
// and shared memory, 200 to 270 to L2, whose bandwidth is 32 to 64 bytes per multiprocessor and cycle.
constexpr double l2Latency = 250, sharedLatency = 30, barrier = 40, l2BytesPerCycle = 40,
                 l1BytesPerCycle = 128;
/// Small tiles pay for latency that the model may overrate with issue slots that others cannot use.
constexpr double missingSharePrice = 24;
/// Of launches that leave half of the multiprocessors idle, whose ports to L2 nobody uses then.
constexpr double idlePrice = 1.1;
/// Of two launches that wait for memory as long, the one with less to do.
constexpr double leak = 0.02;
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

/// Blocks that are on a multiprocessor at once; 0: one has too many threads for their registers.
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
  return std::min(resident, mostBlocks);
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
  // Of a warp's waits the others of its scheduler leave a part uncovered.
  const double perScheduler = std::ceil(warps / schedulers);
  const double issue = perScheduler * phase.issue + phase.batches * l2Latency / perScheduler;
  const double iteration = std::max({issue, warps * phase.port, alone});
  const double cycles =
      std::max(phase.iterations * iteration, double(together) * phase.l2Bytes / l2BytesPerCycle);
  const double beside =
      phase.once + barrier + std::max(perScheduler * phase.onceIssue, warps * phase.oncePort);
  return (cycles + beside) * (1 + missingSharePrice * phase.missingShare);
}

int64_t SumShape::fetch(int64_t pieces) const {
  return std::min(vectorOf(terms / pieces), mostFetched);
}

/// Loads of a pixel's values that a thread does for each of its pixels.
static int64_t loadsOf(const SumShape &shape, const ThreadTile &thread) {
  return shape.terms / thread.pieces / shape.fetch(thread.pieces) * shape.places();
}

/// Those of an iteration where `most` are allowed.
static int64_t unrolledLoads(const SumShape &shape, const ThreadTile &thread, int64_t most) {
  int64_t loads = 1;
  for (int64_t unrolled :
       unrolledOf({loadsOf(shape, thread) / shape.places(), shape.around[0], shape.around[1]}, most))
    loads *= unrolled;
  return loads;
}

int64_t fasternet::unrollFor(const SumShape &shape, const ThreadTile &thread) {
  // 16 bytes each: 12 KiB of code for a loop.
  constexpr int64_t mostProducts = 768, mostUnrolled = 12;
  const int64_t products = thread.channels * thread.pixels * shape.fetch(thread.pieces) * shape.taps;
  if (!shape.keepsLoop && products * loadsOf(shape, thread) <= mostProducts &&
      loadsOf(shape, thread) <= mostUnrolled)
    return loadsOf(shape, thread);
  // A loop has two iterations at least.
  return unrolledLoads(
      shape, thread,
      std::clamp<int64_t>(std::min(mostProducts / products, loadsOf(shape, thread) / 2), 1, mostUnrolled));
}

/// Cycles of a load from shared memory where a warp reads `tiles` pixels, each the first of a tile: as many
/// as lie in the same banks, of which 16 bytes take four.
static double sharedPasses(const SumShape &shape, const ThreadTile &thread, int64_t tiles) {
  constexpr int64_t bankGroups = 8, wordsOfGroup = 4;
  const int64_t words = thread.pixels * sharedStride(shape.terms) * shape.places();
  std::array<int64_t, bankGroups> reads = {};
  for (int64_t tile = 0; tile < tiles; ++tile)
    ++reads[size_t(tile * words / wordsOfGroup % bankGroups)];
  return double(*std::max_element(reads.begin(), reads.end()));
}

Phase fasternet::sumPhase(const Target &target, const SumShape &shape, const BlockTile &block,
                          const ThreadTile &thread) {
  const int64_t unroll = unrollFor(shape, thread);
  // Of the loops of all defaults for T0, T2 and S with launch bounds (ptxas 13.0): beside products and loads
  // 17 instructions, whatever the tile, with a deviation of 8. Loads move ahead of the products as far as 32
  // registers or so allow.
  constexpr double registersInFlight = 32, instructionsBeside = 60, shareOfStraight = 0.6;
  const bool isStraight = loadsOf(shape, thread) == unroll;
  const double loopInstructions = isStraight ? 8 : shape.taps > 1 ? 26 : 20;
  constexpr int64_t addressRegisters = 24;
  const int64_t fetch = shape.fetch(thread.pieces);
  const int64_t vector = vectorOf(thread.channels);
  const int64_t groups = block.channels / thread.channels, lanes = std::min(groups, warp);
  const auto products = double(thread.channels * thread.pixels * fetch * shape.taps * unroll);
  const auto pixelLoads = double((thread.pixels + shape.taps - 1) * unroll);
  const auto weightLoads = double(thread.channels / vector * fetch * shape.taps * unroll);
  Phase phase;
  phase.threads = threadsOf(block, thread);
  phase.registers = thread.channels * thread.pixels + fetch * (thread.pixels + shape.taps - 1) +
                    thread.channels * fetch + addressRegisters;
  // Beyond four warps on a scheduler ptxas fills the registers of three.
  if (phase.registers > 128)
    phase.registers = std::max<int64_t>(phase.registers, 168);
  phase.iterations = double(loadsOf(shape, thread) / unroll);
  // Channels one by one have addresses of their own.
  const double addresses = vector == 1 ? weightLoads / 2 : 0;
  const double instructions = products + pixelLoads + weightLoads + addresses + loopInstructions;
  // Without a loop all that stands around it counts.
  const double share = isStraight && shape.keepsLoop ? shareOfStraight : products / instructions;
  phase.missingShare = std::max(0.0, shape.wantedShare - share);
  phase.issue = std::max(products * double(schedulers * warp) / double(target.fmaFloats), instructions);
  // Neighbours read and write tiles side by side, each load and store whole sectors of 32 bytes.
  const auto laneBytes = double(std::min<int64_t>(thread.channels * 4, 32));
  const double weightPort = std::max(1.0, double(lanes) * laneBytes / l1BytesPerCycle);
  const auto distinctPixels = double(llvm::divideCeil(warp, groups));
  phase.port =
      weightLoads * weightPort +
      pixelLoads * (shape.isStaged ? sharedPasses(shape, thread, int64_t(distinctPixels)) : distinctPixels);
  const double fromL2 = weightLoads * double(vector) + (shape.isStaged ? 0 : pixelLoads * double(fetch));
  phase.batches = std::max(1.0, std::ceil(fromL2 / registersInFlight));
  phase.l2Bytes = double(block.channels * shape.terms * shape.places() * shape.taps * 4);
  if (!shape.isStaged)
    phase.l2Bytes += double(shape.terms * shape.places() * block.places() * 4);
  phase.onceIssue = instructionsBeside;
  if (thread.pieces > 1) {
    // Results of pieces are stored; then each thread reads and adds up all pieces of its share.
    const double vectors = double(thread.channels / vector);
    const double added = double(thread.pieces) * std::ceil(double(thread.pixels) / double(thread.pieces));
    phase.once = 2 * barrier + sharedLatency;
    phase.onceIssue += vectors * double(thread.pixels) + vectors * added * double(1 + vector);
    phase.oncePort = vectors * (double(thread.pixels) + added) * double(warp) * laneBytes / l1BytesPerCycle;
  }
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
  if (resident < 1)
    return std::numeric_limits<double>::infinity();
  const auto onBusiest = int64_t(llvm::divideCeil(plan.blocks, target.cores));
  const double fill = 2 * plan.blocks < target.cores ? idlePrice : 1;
  const double cycles = fill * (double(onBusiest / resident) * blockCycles(plan.phases, resident) +
                                (onBusiest % resident ? blockCycles(plan.phases, onBusiest % resident) : 0));
  const double memory =
      plan.tensorBytes > keptBytes ? plan.tensorBytes / findCpu(target.tuneFor)->memoryBytesPerCycle : 0;
  return launchOverhead + std::max(cycles, memory) + leak * std::min(cycles, memory);
}
