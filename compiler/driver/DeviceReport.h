// What the machine code of a model's kernels for GPUs needs and consists of, as a table.
#pragma once

#include "driver/DeviceCode.h"

namespace fasternet {

/// A line for each kernel, and below it one for each of its launches: grid and block, registers of a thread,
/// shared memory (static and dynamic) of a block, stack and spills of a thread in bytes, the share of
/// multiplications in the inner loop, and how many blocks a multiprocessor holds, of which share of its
/// warps, and what limits it. A dash stands for what is not known without ptxas or nvdisasm.
void printDeviceReport(llvm::raw_ostream &os, llvm::ArrayRef<DeviceCode> code);

} // namespace fasternet
