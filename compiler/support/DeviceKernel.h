// One kernel compiled for a GPU: device code, and what one call of it launches. The plain data that comes up
// from both lowerings, Halide's (codegen) and the tensor cores' (tensorcore).
#pragma once

#include "support/CompiledKernel.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace fasternet {

/// One parameter of a device function: the address of a buffer, or a value.
struct LaunchArgument {
  /// Index of a buffer: first the kernel's arguments, in the order of CompiledKernel, then its intermediates.
  /// Negative: a scalar.
  int32_t buffer = -1;
  int64_t byteOffset =
      0; ///< from a tensor's first byte (with border, as KernelArgument says) or an intermediate's
  uint32_t scalarBytes = 0; ///< of a scalar: 1, 2, 4 or 8
  uint64_t scalar = 0;      ///< its bits
  bool operator==(const LaunchArgument &) const = default;
};

/// One launch. All of it is known at compile time, since shapes are.
struct DeviceLaunch {
  std::string function;                        ///< entry of the PTX
  std::array<uint32_t, 3> grid = {1, 1, 1};    ///< blocks
  std::array<uint32_t, 3> threads = {1, 1, 1}; ///< of one block
  uint32_t sharedBytes = 0;                    ///< dynamic shared memory
  std::vector<LaunchArgument> arguments;
  bool operator==(const DeviceLaunch &) const = default;
};

/// Launches run in order on one stream. A tensor argument's address is that of its first byte, border
/// included; the launch adds the byte offset.
struct DeviceKernel {
  KernelSpec spec;
  std::string target;                     ///< name in Targets.def, such as "cuda-sm80"
  std::string schedule;                   ///< parameters used, as text, and where they came from
  std::string parameters;                 ///< the parameters alone
  std::vector<KernelArgument> arguments;  ///< as in CompiledKernel; same for every target of a library
  std::string symbol;                     ///< prefix of the linker symbols <symbol>_ptx and <symbol>_cubin
  std::string ptx;                        ///< text, without a zero byte at its end
  std::string cubin;                      ///< machine code for the target's capability; empty: not assembled
  std::vector<DeviceLaunch> launches;     ///< at least one
  std::vector<int64_t> intermediateBytes; ///< buffers between launches of one call, not initialised
};

} // namespace fasternet
