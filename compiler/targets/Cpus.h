// The CPUs and GPUs that schedules can be chosen for, apart from the instruction set they are compiled for.
#pragma once

#include "targets/Targets.h"

namespace fasternet {

struct Cpu {
  llvm::StringRef name; ///< zen4; also the name in tuning records
  TargetFamily family;
  llvm::StringRef llvmName; ///< znver4; empty where it is no single CPU
  llvm::StringRef pipeline; ///< LLVM's name of the CPU whose pipeline model stands for it
  int64_t fmaFloats;        ///< floats that one core, or multiprocessor, multiplies and adds per cycle
  int64_t l1Bytes, l2Bytes; ///< data caches of one core; a GPU's L2 serves all its multiprocessors
  bool inOrder;             ///< issues instructions in the order of the program: schedules must hide latency
  int64_t cores;            ///< multiprocessors of a GPU; 1 for CPUs
  double memoryBytesPerCycle; ///< of a GPU's main memory, all multiprocessors together; 0 for CPUs
};

llvm::ArrayRef<Cpu> allCpus();
/// By name, or null.
const Cpu *findCpu(llvm::StringRef name);
/// The CPU of this machine, or null where it is none of the table.
const Cpu *hostCpu();
/// `target` with the caches and the records of `cpu`.
Target tunedFor(const Target &target, const Cpu &cpu);

} // namespace fasternet
