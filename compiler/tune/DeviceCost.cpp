#include "tune/DeviceCost.h"

#include "device/Occupancy.h"
#include "support/Diagnostics.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace fasternet;

namespace {

constexpr int64_t warpThreads = 32, schedulers = 4;
// Published microbenchmarks of Volta to Hopper (Jia et al. 2018, Luo et al. 2024), rounded. L2's bandwidth is
// 32 to 64 bytes per multiprocessor and cycle.
constexpr double l2Latency = 250, sharedLatency = 30, barrierCycles = 40, l2BytesPerCycle = 40;
/// From one launch of a graph to the next: about 1.5 us, as schedules/cuda/LaunchModel assumes.
constexpr double launchOverhead = 2000;
/// Assumed: what lives in local memory is used in the inner loop, where each access waits. No schedule that
/// keeps all in registers is slower by this much for doing so.
constexpr double spillPrice = 2;
/// Assumed: of L2, the part that keeps a kernel's tensors from one call to the next.
constexpr double keptShareOfL2 = 0.5;

/// Cycles of `blocks` blocks that share a multiprocessor.
double togetherCycles(const LaunchTrace &trace, double slots, int64_t warpsOfBlock, int64_t blocks,
                      const Cpu &gpu) {
  const double warps = double(blocks * warpsOfBlock);
  const auto perScheduler = double(llvm::divideCeil(blocks * warpsOfBlock, schedulers));
  const double waits =
      trace.globalWaits * l2Latency + trace.sharedWaits * sharedLatency + trace.barriers * barrierCycles;
  const double issue = perScheduler * slots + waits / perScheduler;
  const double units = warps * trace.fmas * double(warpThreads) / double(gpu.fmaFloats);
  const double port =
      warps * (trace.globalLoads.passes + trace.globalStores.passes + trace.sharedLoads.passes +
               trace.sharedStores.passes + trace.localAccesses.passes);
  return std::max({issue, units, port, slots + waits});
}

int64_t blocksOf(const DeviceLaunch &launch) {
  return int64_t(launch.grid[0]) * launch.grid[1] * launch.grid[2];
}

} // namespace

llvm::Expected<DeviceLaunchCost> fasternet::launchCost(const DeviceLaunchCode &code, int64_t capability,
                                                       const Cpu &gpu) {
  const DeviceLaunch &launch = *code.launch;
  const int64_t threads = int64_t(launch.threads[0]) * launch.threads[1] * launch.threads[2];
  const int64_t shared = code.usage.sharedBytes + launch.sharedBytes;
  const auto occupancy = theoreticalOccupancy(capability, threads, code.usage.registers, shared);
  if (!occupancy || occupancy->blocks == 0)
    return inputError("entry '" + launch.function + "': no multiprocessor of capability " +
                      llvm::Twine(capability) + " can hold a block of " + llvm::Twine(threads) +
                      " threads with " + llvm::Twine(code.usage.registers) + " registers each and " +
                      llvm::Twine(shared) + " bytes of shared memory");

  DeviceLaunchCost cost{.registers = code.usage.registers,
                        .spillBytes =
                            code.usage.stackBytes + code.usage.spillStoreBytes + code.usage.spillLoadBytes,
                        .productShare = code.share ? code.share->shareOfLoops : 0};
  const double slots = cost.productShare > 0 ? code.trace.fmas / cost.productShare + code.trace.besides
                                             : code.trace.instructions;
  const auto warps = int64_t(llvm::divideCeil(threads, warpThreads));
  const auto onBusiest = int64_t(llvm::divideCeil(blocksOf(launch), gpu.cores));
  const int64_t resident = std::min(occupancy->blocks, onBusiest);
  cost.occupancy = occupancy->share * double(resident) / double(occupancy->blocks);
  cost.cycles = double(onBusiest / resident) * togetherCycles(code.trace, slots, warps, resident, gpu);
  if (onBusiest % resident != 0)
    cost.cycles += togetherCycles(code.trace, slots, warps, onBusiest % resident, gpu);
  if (cost.spillBytes > 0)
    cost.cycles *= spillPrice;
  cost.cycles += launchOverhead;
  return cost;
}

llvm::Expected<DeviceCost> fasternet::deviceCost(llvm::ArrayRef<DeviceLaunchCode> launches,
                                                 const Traffic &traffic, int64_t capability, const Cpu &gpu) {
  DeviceCost cost;
  int64_t mostBlocks = 1;
  for (const DeviceLaunchCode &code : launches) {
    auto launch = launchCost(code, capability, gpu);
    if (!launch)
      return launch.takeError();
    cost.cycles += launch->cycles;
    cost.launches.push_back(*launch);
    mostBlocks = std::max(mostBlocks, blocksOf(*code.launch));
  }
  // What few multiprocessors can take in; tensors that L2 keeps need not come from memory.
  const double fromL2 = traffic.l2Bytes / (l2BytesPerCycle * double(std::min(mostBlocks, gpu.cores)));
  const bool kept = traffic.memoryBytes <= keptShareOfL2 * double(gpu.l2Bytes);
  const double fromMemory = kept ? 0 : traffic.memoryBytes / gpu.memoryBytesPerCycle;
  cost.cycles =
      std::max(cost.cycles, double(launches.size()) * launchOverhead + std::max(fromL2, fromMemory));
  return cost;
}

llvm::Expected<std::vector<DeviceLaunchCode>> fasternet::examineLaunches(const DeviceKernel &kernel,
                                                                         int64_t capability) {
  auto cubin = assemblePtx(kernel.ptx, capability);
  if (!cubin)
    return cubin.takeError();
  auto functions = disassemble(cubin->bytes);
  if (!functions)
    return functions.takeError();
  std::vector<DeviceLaunchCode> launches;
  for (const DeviceLaunch &launch : kernel.launches) {
    const ResourceUsage *usage = cubin->find(launch.function);
    auto function =
        llvm::find_if(*functions, [&](const MachineFunction &f) { return f.name == launch.function; });
    if (!usage || function == functions->end())
      return inputError("the machine code has no entry '" + launch.function + "'");
    auto trace = traceLaunch(kernel.ptx, launch);
    if (!trace)
      return trace.takeError();
    launches.push_back({&launch, *trace, *usage, productShare(countInstructions(*function))});
  }
  return launches;
}

llvm::Expected<DeviceCost> fasternet::predictDeviceCost(const DeviceKernel &kernel, const Target &target) {
  const int64_t capability = target.computeCapability();
  auto launches = examineLaunches(kernel, capability);
  if (!launches)
    return launches.takeError();
  return deviceCost(*launches, scheduleTraffic(kernel.spec, target, kernel.parameters), capability,
                    *findCpu(target.tuneFor));
}
