// Loads a compiled kernel into this process and runs it, with the runtime's part played by checking
// stand-ins.
#pragma once

#include "support/CompiledKernel.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/Error.h"

#include <memory>

namespace fasternet {

/// How halide_do_par_for runs its tasks.
enum class TaskOrder { Forward, Reversed, Threads };

/// Checked scratch is filled with NaN and guarded. Plain scratch comes from a stack as the runtime's does and
/// costs as little: for measuring, on one thread.
enum class ScratchKind { Checked, Plain };

class LoadedKernel {
public:
  static llvm::Expected<LoadedKernel> load(const CompiledKernel &kernel,
                                           ScratchKind scratch = ScratchKind::Checked);

  /// `arguments[i]` is the address of argument i's element at its minima. Returns the kernel's status.
  int run(llvm::ArrayRef<float *> arguments, TaskOrder order = TaskOrder::Forward) const;

private:
  LoadedKernel() = default;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  void *function = nullptr;
  std::vector<KernelArgument> arguments;
};

/// What the stand-ins of halide_malloc and halide_free saw since the last reset. Peaks are those of the
/// runtime's stack of blocks of 128 bytes.
struct ScratchUse {
  int64_t callerBytes = 0; ///< largest peak of one call
  int64_t workerBytes = 0; ///< largest peak of one task
  int64_t overruns = 0;    ///< blocks whose surroundings were written
  int64_t leaks = 0;       ///< blocks not freed
};
void resetScratchUse();
ScratchUse scratchUse();

} // namespace fasternet
