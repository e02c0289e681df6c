// Reading and writing .safetensors files (header of JSON, then raw little-endian data).
#pragma once

#include "frontend/TensorFile.h"

namespace fasternet {

/// Reads the header, checked: offsets inside the file, not overlapping, matching dtype and shape. The views
/// point into `buffer`.
llvm::Expected<TensorFile> readSafetensors(std::shared_ptr<llvm::MemoryBuffer> buffer, llvm::StringRef path);

/// Writes float32 tensors in the given order, atomically.
struct NamedTensor {
  std::string name;
  std::vector<int64_t> shape;
  llvm::ArrayRef<float> data;
};
llvm::Error writeSafetensors(llvm::StringRef path, llvm::ArrayRef<NamedTensor> tensors);

} // namespace fasternet
