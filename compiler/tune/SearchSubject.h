// What a search is for: a kernel as the texts of its schedules and what they give.
#pragma once

#include "support/CompiledKernel.h"
#include "targets/Targets.h"
#include "tune/MeasuringProgram.h"

#include "llvm/Support/Error.h"

#include <functional>
#include <string>
#include <vector>

namespace fasternet {

/// The search knows a kernel by this alone, so that whatever has a space of schedules can be searched alike.
/// All functions may be called from several threads.
struct SearchSubject {
  std::string kernel; ///< key of its records
  double macs = 0;    ///< multiply-accumulates of one call
  /// Complete parameters: the default with the members that the text names replaced.
  std::function<llvm::Expected<std::string>(llvm::StringRef overrides)> parameters;
  /// What may be tried after complete parameters, most promising first.
  std::function<std::vector<std::string>(llvm::StringRef parameters)> steps;
  /// For measuring; empty where nothing can be measured.
  std::function<llvm::Expected<CompiledKernel>(llvm::StringRef symbol, llvm::StringRef parameters)> compile;
  /// The same in place of `compile` for what runs on a GPU.
  std::function<llvm::Expected<DeviceKernel>(llvm::StringRef symbol, llvm::StringRef parameters)>
      compileDevice;
  /// Cycles of one call from the machine code alone; empty where no model of the CPU says. Comparable among
  /// schedules of this kernel.
  std::function<llvm::Expected<double>(llvm::StringRef parameters)> predict;
  /// Seconds that threads would wait for each other's data in one call, added up; a measurement on one thread
  /// does not see them. Empty: none.
  std::function<double(llvm::StringRef parameters)> exchangeSeconds;
  /// Runs one point and compares it with the right answer, without timing it. What goes wrong with the point
  /// is the result's; an error means that nothing can be checked.
  std::function<llvm::Expected<CandidateResult>(llvm::StringRef parameters, const MeasuringOptions &options)>
      check;
  /// The right answer, as measureBatch takes it; empty where nothing can be measured.
  std::function<std::vector<float>()> expected;
};

/// One of the compiler's kernels for a CPU's target.
SearchSubject kernelSubject(const KernelSpec &spec, const Target &target);

} // namespace fasternet
