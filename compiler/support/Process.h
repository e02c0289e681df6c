// Running other programs: the C compiler, and measuring programs on this or another machine.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace fasternet {

/// A folder under the system's temporary directory, removed with everything in it on destruction.
class TemporaryFolder {
public:
  static llvm::Expected<TemporaryFolder> create();
  TemporaryFolder(TemporaryFolder &&other) : folder(std::move(other.folder)) { other.folder.clear(); }
  ~TemporaryFolder();
  std::string path(llvm::StringRef name) const;

private:
  explicit TemporaryFolder(std::string folder) : folder(std::move(folder)) {}
  std::string folder;
};

struct ProcessResult {
  int status = 0; ///< exit status, or minus the signal that ended it
  std::string out, err;
};

/// Runs argv[0], looked up on PATH, without input, and waits; 0 seconds: for any time, else it is killed
/// then. A program that cannot be started is an error.
llvm::Expected<ProcessResult> runProcess(llvm::ArrayRef<std::string> argv, unsigned limitSeconds = 0);

/// Runs a measuring program through `runner`, a command put before the program's path (empty: none; split as
/// a shell splits words). "ssh [options] HOST" copies the program there by scp first and removes it
/// afterwards.
llvm::Expected<ProcessResult> runProgram(llvm::StringRef runner, llvm::StringRef program,
                                         unsigned limitSeconds = 0);

/// An error where the runner's program is not there.
llvm::Error checkRunner(llvm::StringRef runner);

} // namespace fasternet
