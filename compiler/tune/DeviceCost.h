// What a GPU's kernel will cost, without running it: from the instructions that its threads run, its machine
// code, what fits on a multiprocessor, and the bytes that its schedule moves.
//
// A launch of blocks of W warps, each of which issues S instructions. Of the blocks of the busiest
// multiprocessor so many run together as registers and shared memory allow; n of them take the longest of
//   issue     warps per scheduler x S, and what the warps of the others leave uncovered of a warp's waits
//   units     n W x multiply-adds of 32 threads / those of the multiprocessor per cycle
//   port      n W x cycles on the port of L1 and shared memory
//   alone     S and all its waits, of a single warp.
// S is the multiply-adds that run / their share among the instructions of the machine code's inner loops, and
// the instructions of straight code without any. The launches of a kernel follow each other, each with a
// price of its own; together they take no less than the bytes from L2 and from memory. Only ratios mean
// something.
#pragma once

#include "device/InstructionMix.h"
#include "device/PtxAssembler.h"
#include "device/PtxTrace.h"
#include "schedules/Traffic.h"
#include "support/DeviceKernel.h"
#include "targets/Cpus.h"

#include <vector>

namespace fasternet {

/// What is known of one launch of a kernel.
struct DeviceLaunchCode {
  const DeviceLaunch *launch = nullptr; ///< not owned
  LaunchTrace trace;
  ResourceUsage usage;
  std::optional<ProductShare> share; ///< of its machine code; nothing: it multiplies nothing
};

struct DeviceLaunchCost {
  double cycles = 0;
  double occupancy = 0;    ///< share of the warps that a multiprocessor can hold, as far as there are blocks
  int64_t registers = 0;   ///< of a thread
  int64_t spillBytes = 0;  ///< stack of a thread included
  double productShare = 0; ///< of multiply-adds in the inner loops' instructions; 0 where there are none
};

struct DeviceCost {
  double cycles = 0; ///< of one call, from the first launch to the last result
  std::vector<DeviceLaunchCost> launches;

  /// Share of the chip's FMA peak in f32 that the useful multiply-adds of `spec` would reach.
  double shareOfPeak(const KernelSpec &spec, const Cpu &gpu) const {
    return double(spec.macs()) / double(gpu.fmaFloats * gpu.cores) / cycles;
  }
};

/// Assembles, lists and traces all launches of a kernel in f32. Errors: a missing ptxas or nvdisasm, what
/// they refuse, a launch that no trace explains.
llvm::Expected<std::vector<DeviceLaunchCode>> examineLaunches(const DeviceKernel &kernel, int64_t capability);

/// Of one launch on a GPU of that compute capability. A block that no multiprocessor can hold is an error.
llvm::Expected<DeviceLaunchCost> launchCost(const DeviceLaunchCode &code, int64_t capability, const Cpu &gpu);

/// Of all launches of one call, with the bytes that it moves.
llvm::Expected<DeviceCost> deviceCost(llvm::ArrayRef<DeviceLaunchCode> launches, const Traffic &traffic,
                                      int64_t capability, const Cpu &gpu);

/// The same from a kernel compiled by compileDeviceKernel for `target` and the GPU that it is tuned for.
llvm::Expected<DeviceCost> predictDeviceCost(const DeviceKernel &kernel, const Target &target);

} // namespace fasternet
