// Says how far long work is: one line that is rewritten on a terminal, plain lines elsewhere; on stderr.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"

#include <mutex>

namespace fasternet {

/// Counts finished pieces of one piece of work. Safe to use from several threads.
class Progress {
public:
  /// `total` pieces; nothing is printed when `quiet`.
  Progress(llvm::StringRef what, size_t total, bool quiet);
  /// Ends the rewritten line.
  ~Progress();
  /// One more piece is done.
  void done(const llvm::Twine &piece);

private:
  std::string what;
  size_t total, finished = 0;
  bool quiet, terminal;
  std::mutex mutex;
};

} // namespace fasternet
