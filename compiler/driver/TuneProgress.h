// What `tune` says while it works: a bar with the time left on a terminal, a line per finished kernel.
#pragma once

#include "tune/SearchOptions.h"

#include <chrono>
#include <mutex>

namespace fasternet {

/// Safe to use from several threads. The bar goes to stderr, the lines of finished kernels to stdout.
class TuneProgress {
public:
  TuneProgress(size_t kernels, std::chrono::steady_clock::time_point deadline);
  void update(const std::string &kernel, const SearchState &state);
  void done(const std::string &kernel, const SearchState &state);
  /// Clears the bar.
  void finish();

private:
  void clear();

  size_t kernels, finished = 0;
  std::chrono::steady_clock::time_point begin, deadline;
  bool terminal;
  std::mutex mutex;
};

} // namespace fasternet
