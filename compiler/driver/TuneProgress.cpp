#include "driver/TuneProgress.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>

using namespace fasternet;
using Clock = std::chrono::steady_clock;

TuneProgress::TuneProgress(size_t kernels, Clock::time_point deadline)
    : kernels(kernels), begin(Clock::now()), deadline(deadline),
      terminal(llvm::sys::Process::StandardErrIsDisplayed()) {}

void TuneProgress::clear() {
  if (terminal)
    llvm::errs() << "\r\033[K";
}

/// "0.212 ms, 81.0 % of peak", without a time where nothing is measured.
static std::string result(const SearchState &state) {
  const std::string share = llvm::formatv("{0,5:f1} % of peak", 100 * state.shareOfPeak);
  if (state.milliseconds == 0)
    return share + " predicted";
  const bool isShort = state.milliseconds < 0.1; // as most kernels of GPUs
  return llvm::formatv(isShort ? "{0,8:f4} ms {1}" : "{0,8:f3} ms {1}", state.milliseconds, share).str();
}

void TuneProgress::update(const std::string &kernel, const SearchState &state) {
  if (!terminal)
    return;
  std::lock_guard<std::mutex> lock(mutex);
  const auto now = std::min(Clock::now(), deadline);
  const double share =
      std::chrono::duration<double>(now - begin) / std::max(deadline - begin, Clock::duration(1));
  const int64_t left = std::chrono::duration_cast<std::chrono::seconds>(deadline - now).count();
  constexpr int width = 20;
  const int full = int(share * width);
  clear();
  llvm::errs() << llvm::formatv("[{0}{1}] {2}:{3,0+2} left, kernel {4}/{5} {6}: best {7}, {8} tried",
                                std::string(size_t(full), '#'), std::string(size_t(width - full), '.'),
                                left / 60, left % 60, finished + 1, kernels, kernel, result(state),
                                state.tried);
}

void TuneProgress::done(const std::string &kernel, const SearchState &state) {
  std::lock_guard<std::mutex> lock(mutex);
  ++finished;
  clear();
  llvm::outs() << llvm::formatv("{0,-52} {1}, {2} tried", kernel, result(state), state.tried);
  if (state.pruned > 0)
    llvm::outs() << ", " << state.pruned << " ruled out by prediction";
  if (state.lost > 0)
    llvm::outs() << ", " << state.lost << " lost (see the records)";
  llvm::outs() << (state.exhausted ? ", none left\n" : "\n");
  llvm::outs() << "  " << state.parameters << '\n';
  llvm::outs().flush();
}

void TuneProgress::finish() {
  std::lock_guard<std::mutex> lock(mutex);
  clear();
}
