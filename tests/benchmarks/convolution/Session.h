// What pconv-bench does on demand: tunes one kernel, or measures it with its best schedule.
#pragma once

#include "BlockComparison.h"
#include "tune/KernelSearch.h"

#include <map>

namespace fasternet::benchmark {

struct SessionOptions {
  const Target *target = nullptr;
  std::string records; ///< file that is read and appended
  std::string runner, cc = "cc";
  uint32_t rounds = 24; ///< of one measurement
};

/// Kernels are named by their texts: a ConvolutionCase's, or a block's KernelSpec. Results are JSON objects.
class Session {
public:
  explicit Session(SessionOptions options) : options(std::move(options)) {}

  /// Searches for `seconds`, from where the records file stands.
  llvm::Expected<nlohmann::ordered_json> tune(const std::string &text, unsigned seconds);
  /// Times the best schedule known beside the FMA peak.
  llvm::Expected<nlohmann::ordered_json> measure(const std::string &text);
  /// Times a block with its default schedule, its best one, and Adams2019's; see BlockComparison.
  llvm::Expected<nlohmann::ordered_json> compare(const std::string &text);

private:
  /// A kernel, with what is made once for it.
  struct Entry {
    SearchSubject subject;
    int64_t bytes = 0;
    std::vector<float> expected;
    std::map<std::string, CompiledKernel> compiled; ///< by complete parameters
  };
  llvm::Expected<Entry *> find(const std::string &text);
  llvm::Expected<CompiledKernel> compile(Entry &entry, const std::string &parameters);
  llvm::Expected<Records> records() const;
  llvm::Expected<std::string> best(const Entry &entry) const;
  MeasuringOptions measuring(uint32_t rounds) const;

  SessionOptions options;
  std::map<std::string, Entry> entries;
  std::map<std::string, BlockComparison> comparisons;
  size_t symbols = 0;
};

} // namespace fasternet::benchmark
