// The table of a measuring program: C source that defines what runtime/harness/tune.h and cuda_tune.h
// declare.
#pragma once

#include "tune/MeasuringProgram.h"

namespace fasternet {

/// Symbol of the expected values, which the table refers to.
inline constexpr llvm::StringLiteral expectedSymbol = "fnet_tune_expected";

/// Refers to the candidates by their symbols.
std::string tableText(const Target &target, llvm::ArrayRef<CompiledKernel> candidates,
                      const MeasuringOptions &options);

/// Of a GPU; refers to the candidates' code as imageSymbol says.
std::string tableText(const Target &target, llvm::ArrayRef<DeviceKernel> candidates,
                      const MeasuringOptions &options);
std::string imageSymbol(const DeviceKernel &candidate);

} // namespace fasternet
