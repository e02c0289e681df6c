// Tensors as a file holds them, before names and types are brought to one form.
#pragma once

#include "support/Diagnostics.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace fasternet {

/// A view of one tensor: `strides` in elements (torch tensors may be transposed views); `bytes` starts at the
/// first element and holds every element that shape and strides reach.
struct StoredTensor {
  enum class DType { F64, F32, F16, BF16, I64, I32, I16, I8, U8, Bool };
  DType dtype = DType::F32;
  std::vector<int64_t> shape, strides;
  llvm::ArrayRef<char> bytes;
};

/// All tensors of a file by their full key (nested dictionaries joined by '.'), and what keeps their bytes
/// alive.
struct TensorFile {
  std::map<std::string, StoredTensor> tensors;
  std::shared_ptr<const void> owner;
};

llvm::StringRef dtypeName(StoredTensor::DType dtype);
int64_t dtypeBytes(StoredTensor::DType dtype);

} // namespace fasternet
