// The file that packed weights stream to, complete under its name or not there at all.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <memory>
#include <optional>
#include <string>

namespace fasternet {

/// Tensors one behind the other at multiples of packedAlignment, little-endian, gaps filled with zeros. With
/// an empty path only the offsets are counted. The bytes go to a temporary file beside `path` until close
/// renames it.
class PackedFile {
public:
  explicit PackedFile(llvm::StringRef path);
  /// Discards the temporary file if close was not reached or failed.
  ~PackedFile();
  PackedFile(const PackedFile &) = delete;
  PackedFile &operator=(const PackedFile &) = delete;

  /// Returns the tensor's offset. Errors of the file system are kept for close.
  template <typename Element> int64_t append(llvm::ArrayRef<Element> values) {
    return appendBytes({reinterpret_cast<const char *>(values.data()), values.size() * sizeof(Element)});
  }
  /// Bytes so far, a multiple of packedAlignment.
  int64_t bytes() const { return end; }
  /// The first thing that went wrong, with the path, or success: the file stands complete under its name.
  llvm::Error close();

private:
  int64_t appendBytes(llvm::StringRef tensor);

  std::string path;
  std::optional<llvm::sys::fs::TempFile> file;
  std::unique_ptr<llvm::raw_fd_ostream> stream;
  std::string createError;
  int64_t end = 0;
};

} // namespace fasternet
