#include "targets/Cpus.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/TargetParser/Host.h"

using namespace fasternet;

/// The last column of the table, as a value of Cpu::inOrder.
enum Order : bool { OutOfOrder, InOrder };

#define FASTERNET_CPU(name, family, llvmName, pipeline, fma, l1, l2, order)                                  \
  {name, TargetFamily::family, llvmName, pipeline, fma, l1, l2, order, 1, 0},
#define FASTERNET_GPU(name, fma, l1, l2, multiprocessors, memory)                                            \
  {name, TargetFamily::Cuda, "", "", fma, l1, l2, OutOfOrder, multiprocessors, memory},
static const Cpu cpus[] = {
#include "targets/Cpus.def"
};
#undef FASTERNET_CPU
#undef FASTERNET_GPU

llvm::ArrayRef<Cpu> fasternet::allCpus() {
  return cpus;
}

const Cpu *fasternet::findCpu(llvm::StringRef name) {
  const Cpu *cpu = llvm::find_if(cpus, [&](const Cpu &cpu) { return cpu.name == name; });
  return cpu == std::end(cpus) ? nullptr : cpu;
}

const Cpu *fasternet::hostCpu() {
  const llvm::StringRef host = llvm::sys::getHostCPUName();
  const Cpu *cpu = llvm::find_if(cpus, [&](const Cpu &cpu) { return !host.empty() && cpu.llvmName == host; });
  return cpu == std::end(cpus) ? nullptr : cpu;
}

Target fasternet::tunedFor(const Target &target, const Cpu &cpu) {
  Target tuned = target;
  tuned.fmaFloats = cpu.fmaFloats;
  tuned.l1Bytes = cpu.l1Bytes;
  tuned.l2Bytes = cpu.l2Bytes;
  tuned.inOrder = cpu.inOrder;
  tuned.cores = cpu.cores;
  tuned.tuneFor = cpu.name;
  return tuned;
}
