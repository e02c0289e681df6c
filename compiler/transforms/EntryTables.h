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
    std::vector<std::string> kernels; ///< symbols in the order of the module's kernels
  };
  std::vector<Variant> variants; ///< best first
};

/// Makes the tables and the public `<name>_model`. Expects the functions `<name>_init`, `<name>_entry`, and
/// the runtime's; `kernels` of the variants become references to other objects.
void buildEntryTables(EntryBuilder &build, const EntryTables &tables);

} // namespace fasternet
