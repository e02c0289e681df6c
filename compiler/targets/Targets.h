// The targets that users name: instruction-set level, vector width, registers, caches. Plain data; code
// generation maps a Target to Halide's and LLVM's flags.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace fasternet {

enum class TargetFamily { X86, Arm, Cuda };

/// Instruction sets that kernels are generated for; of GPUs those of one compute capability.
enum class Isa { SSE4, AVX2, AVX512, NEON, SM75, SM80, SM86, SM89, SM90 };
/// Such as avx512, as tuning records name it.
llvm::StringRef isaName(Isa isa);

struct Target {
  llvm::StringRef name; ///< x86-64-v3
  TargetFamily family;
  Isa isa;
  llvm::StringRef triple;      ///< x86_64-unknown-linux-gnu; of a GPU that of its own code
  llvm::StringRef cpuFeatures; ///< FNET_CPU_* names of runtime/include/fasternet/abi.h joined by '|'
  uint64_t cpuFeatureBits;     ///< the same as bits
  int64_t vectorFloats;        ///< widest vector, in floats
  int64_t vectorRegisters;
  int64_t fmaFloats;        ///< floats that one core, or multiprocessor, multiplies and adds per cycle
  int64_t l1Bytes, l2Bytes; ///< data caches that default schedules assume: of one core; a GPU's L2 serves all
  int64_t cores;            ///< multiprocessors of a GPU; 1 for CPUs, whose schedules look at one core
  bool inOrder;             ///< the core issues instructions in the order of the program
  llvm::StringRef tuneFor;  ///< CPU whose tuning records are used by default
  llvm::StringRef summary;  ///< one line for `fasternetc targets`

  /// Whether kernels may compute in half precision.
  bool hasHalfPrecision() const;
  /// Whether tensor cores multiply floats rounded to tf32.
  bool hasTf32() const { return computeCapability() >= 80; }
  /// Of a GPU, such as 80; 0 for CPUs.
  int64_t computeCapability() const;
  /// Of a GPU, the most shared memory of one block of threads; 0 for CPUs.
  int64_t blockSharedBytes() const;
};

/// Order of preference within a family, best first.
llvm::ArrayRef<Target> allTargets();
/// By name, or null.
const Target *findTarget(llvm::StringRef name);
/// The best named target that this machine satisfies, or null; CPUID or HWCAP through LLVM's host features.
const Target *hostTarget();
/// Whether this machine's processor is of the target's family: programs for another one need an emulator.
bool isHostFamily(const Target &target);

} // namespace fasternet
