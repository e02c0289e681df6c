#include "driver/Progress.h"

#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace fasternet;

Progress::Progress(llvm::StringRef what, size_t total, bool quiet)
    : what(what), total(total), quiet(quiet), terminal(llvm::sys::Process::StandardErrIsDisplayed()) {}

Progress::~Progress() {
  if (!quiet && terminal && finished > 0)
    llvm::errs() << '\n';
}

void Progress::done(const llvm::Twine &piece) {
  std::lock_guard<std::mutex> lock(mutex);
  ++finished;
  if (quiet)
    return;
  if (terminal)
    llvm::errs() << "\r\033[K"; // back to the line's start, and clear it
  llvm::errs() << what << ' ' << finished << '/' << total << ": " << piece << (terminal ? "" : "\n");
}
