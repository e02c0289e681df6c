// The numbers that the public header, the manifest and the object must agree on: computed here only, for all
// three.
#pragma once

#include "dialect/FasternetOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

#include <cstdint>

namespace fasternet {

/// Module attributes that plan-memory and pack-weights leave, i64.
inline constexpr llvm::StringLiteral arenaBytesName = "fasternet.arena_bytes";
inline constexpr llvm::StringLiteral weightBytesName = "fasternet.weight_bytes";

/// Fields of fnet_model of the same names; arena and scratch rounded up to the runtime's alignment. Of a GPU
/// arena, scratch and weights lie on the device, and an instance holds but the handles of its code.
struct EntryLayout {
  int64_t arenaBytes = 0;          ///< activations
  int64_t callerScratchBytes = 0;  ///< largest of all kernels and variants
  int64_t workerScratchBytes = 0;  ///< largest of all kernels and variants
  int64_t weightBytes = 0;         ///< packed blob
  int64_t instanceBytes = 0;       ///< memory for init without workers
  int64_t instanceWorkerBytes = 0; ///< and for each worker
  int64_t macs = 0;                ///< per run, whole batch
};

/// The model: the module's only function. Any other number is an error at the module.
mlir::FailureOr<mlir::func::FuncOp> modelFunction(mlir::ModuleOp module);

/// Needs compiled kernels, packed weights and planned memory, and must be asked before lower-entry; what is
/// missing is an error at its op.
mlir::FailureOr<EntryLayout> entryLayout(mlir::ModuleOp module);

/// Where the intermediates of one call lie in the scratch; the end comes last.
llvm::SmallVector<int64_t> intermediateOffsets(ir::DeviceVariantAttr variant);

/// The arena over time as text (ArenaPlanner::map), for a module with calls, planned or not; `clearsBorders`:
/// as plan-memory was told.
mlir::FailureOr<std::string> drawArena(mlir::ModuleOp module, bool clearsBorders);

} // namespace fasternet
