// The constant data of a model's object: what runtime/include/fasternet/model.h declares, field by field.
#pragma once

#include "dialect/FasternetOps.h"
#include "support/KernelSpec.h"
#include "transforms/EntryBuilder.h"
#include "transforms/EntryLayout.h"

namespace fasternet {

/// What the tables say, read from the module before it is lowered.
struct EntryTables {
  std::string name;
  EntryLayout layout;
  struct Tensor {
    std::string name;
    llvm::SmallVector<int64_t> shape;
  };
  std::vector<Tensor> inputs, outputs;
  std::vector<KernelSpec> steps; ///< one for each call
  struct Variant {
    std::string target;
    std::vector<std::string> kernels; ///< symbols in the order of the module's kernels; none on GPUs
  };
  std::vector<Variant> variants; ///< best first
};

/// The functions that `<name>_model` points to, by symbol.
struct EntryFunctions {
  std::string run, done;
  std::string entry; ///< empty: none
};

/// Name, tensors and steps of the model's function; its variants are left to the caller.
mlir::FailureOr<EntryTables> readEntryTables(mlir::ModuleOp module, mlir::func::FuncOp function,
                                             const EntryLayout &layout);

/// The public functions <name>_init, _run and _done, which hand their arguments to the runtime's, whose names
/// begin with `runtime`; init also hands on the address of `description`.
void buildPublicFunctions(EntryBuilder &build, const EntryTables &tables, llvm::StringRef runtime,
                          llvm::StringRef description);

/// Makes the tables and the public `<name>_model`. Expects the function `<name>_init` and those named;
/// `kernels` of the variants become references to other objects.
void buildEntryTables(EntryBuilder &build, const EntryTables &tables, const EntryFunctions &functions);

} // namespace fasternet
