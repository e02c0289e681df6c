// The constant data of a model for GPUs: what runtime/include/fasternet/cuda_abi.h declares, field by field.
#pragma once

#include "support/RuntimeAbi.h"
#include "transforms/EntryTables.h"

namespace fasternet {

/// One code for each compute capability, highest first.
struct DeviceTables {
  struct Argument {
    abi::CudaBase base = abi::CudaBase::Scalar;
    int64_t index = 0; ///< of the input or output
    int64_t bytes = 8;
    uint64_t value = 0; ///< byte offset, or the scalar
  };
  struct Launch {
    int64_t function = 0, step = 0;
    llvm::SmallVector<uint32_t, 3> grid, threads;
    uint32_t sharedBytes = 0;
    std::vector<Argument> arguments;
  };
  struct Module {
    std::string symbol;
    int64_t cubinBytes = 0;
  };
  struct Function {
    int64_t module = 0;
    uint32_t sharedBytes = 0; ///< most of its launches
    std::string name;
  };
  struct Variant {
    std::string target;
    std::vector<Module> modules; ///< one for each kernel
    std::vector<Function> functions;
    std::vector<Launch> launches;
  };
  std::vector<Variant> variants;
};

/// Makes the tables and `<name>_device_model`, an internal fnet_cuda_model. Expects `<name>_model` and
/// `<name>_weights`.
void buildDeviceTables(EntryBuilder &build, llvm::StringRef name, const DeviceTables &tables);

} // namespace fasternet
