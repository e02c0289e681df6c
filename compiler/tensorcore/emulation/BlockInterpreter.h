// One block of threads, all of them in step: an op runs for every thread before the next op runs. Barriers
// order nothing more then, so the memories watch for what only lockstep would make right.
#pragma once

#include "tensorcore/emulation/Memory.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "llvm/ADT/DenseMap.h"

#include <array>
#include <deque>
#include <memory>

namespace fasternet::tensorcore {

class BlockInterpreter {
public:
  /// `buffers`: by argument of `function`.
  BlockInterpreter(mlir::gpu::GPUFuncOp function, llvm::ArrayRef<GlobalMemory *> buffers, int64_t threads,
                   std::array<int64_t, 3> block);
  llvm::Error run();

private:
  union Slot {
    int64_t integer; ///< i32 and i1 zero-extended
    float number;    ///< f16 values are floats that f16 can hold
  };
  /// A value of every thread: `elements` slots each.
  struct Registers {
    int64_t elements = 1;
    std::vector<Slot> slots;
    Slot *of(int64_t thread) { return &slots[size_t(thread * elements)]; }
  };
  using Mask = std::vector<char>;
  struct Copy {
    SharedMemory *memory;
    int64_t index;
    std::vector<float> values;
  };

  mlir::gpu::GPUFuncOp function;
  std::string name; ///< of the function
  int64_t threads;
  std::array<int64_t, 3> block;
  llvm::DenseMap<mlir::Value, Registers> values;
  llvm::DenseMap<mlir::Value, Memory *> memories;
  std::vector<std::unique_ptr<SharedMemory>> shared;
  std::vector<std::vector<Copy>> begun;              ///< by thread: not in a group yet
  std::vector<std::deque<std::vector<Copy>>> groups; ///< by thread, oldest first

  Registers &define(mlir::Value value);
  Registers &use(mlir::Value value) { return values.find(value)->second; }
  llvm::Error fail(mlir::Operation *op, llvm::Error error) const;

  llvm::Error runBlock(mlir::Block &body, const Mask &active);
  llvm::Error runOp(mlir::Operation *op, const Mask &active);
  bool runScalarOp(mlir::Operation *op);
  llvm::Error runFor(mlir::Operation *op, const Mask &active);
  llvm::Error runIf(mlir::Operation *op, const Mask &active);
  llvm::Error runAccess(mlir::Operation *op, const Mask &active);
  llvm::Error runAsyncCopy(mlir::Operation *op, const Mask &active);
  void commitCopies(const Mask &active);
  void awaitCopies(const Mask &active, int64_t groupsLeft);
  llvm::Error runLdMatrix(mlir::Operation *op, const Mask &active);
  llvm::Error runMma(mlir::Operation *op, const Mask &active);
  llvm::Error checkWholeWarps(const Mask &active) const;
  void assign(mlir::Value target, mlir::Value source, const Mask &active);
};

} // namespace fasternet::tensorcore
