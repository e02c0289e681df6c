// A planned module as plain data, checked: all that its entry points are built from.
#pragma once

#include "support/CompiledKernel.h"
#include "transforms/EntryLayout.h"

#include <string>
#include <vector>

namespace fasternet {

struct EntryDescription {
  /// Where a tensor lies.
  struct Address {
    enum class Base { Input, Output, Arena, Weights };
    Base base = Base::Arena;
    int64_t index = 0;  ///< Input, Output: which one
    int64_t offset = 0; ///< Arena, Weights: bytes
  };
  struct Variant {
    std::string target;
    uint64_t features = 0; ///< FNET_CPU_* bits
  };
  struct Kernel {
    KernelSpec spec;
    std::vector<KernelArgument> arguments;
    std::vector<std::string> symbols; ///< one per variant
  };
  struct Step {
    size_t kernel = 0;
    std::vector<Address> tensors; ///< in argument order
  };

  std::string name; ///< prefix of all symbols
  std::vector<std::vector<int64_t>> inputs, outputs; ///< shapes
  std::vector<Variant> variants;                     ///< best first
  std::vector<Kernel> kernels;
  std::vector<Step> steps;
  EntryLayout layout;
};

/// Reads the module's function and kernels. Emits an error at the op that cannot be lowered: not planned, packed or
/// compiled, variants that differ between kernels, arguments that reach outside their tensor.
mlir::FailureOr<EntryDescription> describeEntry(mlir::ModuleOp module);

} // namespace fasternet
