// NVIDIA's programs for device code: ptxas, which makes machine code from PTX, and nvdisasm, which lists it.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace fasternet {

/// The path of "ptxas" or "nvdisasm": what FASTERNET_PTXAS or FASTERNET_NVDISASM names, and nothing else,
/// where that variable is set; otherwise the first of PATH, $CUDA_HOME/bin, /usr/local/cuda/bin and the
/// packages nvidia-* of the virtual environment that the compiler was configured with. Nothing where there is
/// none.
std::optional<std::string> findDeviceTool(llvm::StringRef name);

/// "ptxas was not found (on PATH, ...)": the places where findDeviceTool looked.
std::string missingDeviceTool(llvm::StringRef name);

} // namespace fasternet
