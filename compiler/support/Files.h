// Reading and writing files so that an output is there whole or not at all.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>

namespace fasternet {

/// Maps a regular file read-only. A directory, a missing or an unreadable file is an inputError with the
/// path.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> mapFile(llvm::StringRef path);

/// Writes to a temporary name beside `path`, then renames: `path` is old or complete, never partial.
llvm::Error writeFile(llvm::StringRef path, llvm::StringRef bytes);

/// Whether writeFile could write to `path` now: for results that take long. Leaves no trace.
llvm::Error checkWritable(llvm::StringRef path);

} // namespace fasternet
