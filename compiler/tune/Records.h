// Tuning records from files and from the compiler itself: which schedule a kernel gets.
#pragma once

#include "support/Diagnostics.h"
#include "tune/Record.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <vector>

namespace fasternet {

/// Any number of records files as one: their order does not matter, and a file may be several concatenated.
class Records {
public:
  /// The records that came with the compiler: schedules/<family>/<cpu>.tuned.json.
  static Records shipped();

  /// Adds the lines of `text`. One that cannot be read is a warning with its place, and skipped.
  void add(llvm::StringRef source, llvm::StringRef text, Diagnostics &diagnostics);
  /// Adds a file; a missing or unreadable one is an error.
  llvm::Error addFile(llvm::StringRef path, Diagnostics &diagnostics);

  struct Choice {
    std::string parameters; ///< for compileKernel; empty: the default
    std::string origin;     ///< which record, or why the default
    TuningRecord::Obtained obtained = TuningRecord::Obtained::Measured; ///< of that record
  };
  /// The best record for the kernel on `target` and the CPU it is tuned for. One that a later record has
  /// beaten side by side is out of the running: shares of different moments compare less well. Of the others
  /// measured comes before predicted and that before emulated, then the larger share of the peak. A record
  /// that the kernel can no longer run with is skipped, with a warning.
  Choice choose(const KernelSpec &spec, const Target &target, Diagnostics &diagnostics) const;
  /// Completes parameters, or says why the kernel cannot run with them.
  using ResolveParameters = llvm::function_ref<llvm::Expected<std::string>(llvm::StringRef)>;
  /// The same for a kernel known by its key alone.
  Choice choose(llvm::StringRef kernel, const Target &target, ResolveParameters resolve,
                Diagnostics &diagnostics) const;

  /// Every record of the kernel of that key on that CPU and instruction set.
  std::vector<TuningRecord> of(llvm::StringRef kernel, const Target &target) const;

private:
  struct Entry {
    TuningRecord record;
    std::string source; ///< file name
  };
  std::vector<Entry> entries;
};

} // namespace fasternet
