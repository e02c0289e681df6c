// Cycles that a CPU takes for a sequence of instructions, after LLVM's model of its pipeline (llvm-mca): all
// loads hit L1, all branches are foreseen.
#pragma once

#include "targets/Cpus.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>
#include <vector>

namespace fasternet {

class ThroughputModel {
public:
  /// After the pipeline that stands for `cpu`; an error where LLVM has none.
  static llvm::Expected<ThroughputModel> create(const Target &target, const Cpu &cpu);
  ThroughputModel(ThroughputModel &&);
  ~ThroughputModel();

  /// Instructions that have been read, to be put into traces by their index.
  struct Code {
    size_t first = 0, count = 0;
  };
  /// Reads lines of assembly. What LLVM has no timing for is left out.
  llvm::Expected<Code> read(llvm::ArrayRef<llvm::StringRef> lines);

  /// Cycles from the first dispatch to the last retirement of the parts one after the other.
  struct Part {
    Code code;
    size_t repeats = 1;
  };
  llvm::Expected<double> cycles(llvm::ArrayRef<Part> trace);

private:
  struct State;
  explicit ThroughputModel(std::unique_ptr<State> state);
  std::unique_ptr<State> state;
};

} // namespace fasternet
