// A batch of candidates for one kernel as a program that checks and times them, and what it printed.
#pragma once

#include "support/CompiledKernel.h"
#include "support/DeviceKernel.h"
#include "targets/Targets.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <functional>
#include <string>
#include <vector>

namespace fasternet {

/// What the caller's toolchain makes a program of: runtime/harness/tune.c, or for a GPU cuda_tune.c, this
/// table, and data and objects that it refers to.
struct MeasuringParts {
  bool onDevice = false;
  std::string table; ///< C source that defines what harness/tune.h and cuda_tune.h declare
  std::vector<std::pair<std::string, std::string>> blobs;   ///< symbol, path of a file with its bytes
  std::vector<std::pair<std::string, std::string>> objects; ///< symbol prefix, object
};
using LinkMeasuringProgram = std::function<llvm::Error(const MeasuringParts &, const std::string &program)>;

struct MeasuringOptions {
  std::string runner; ///< as for bench; empty: this machine
  LinkMeasuringProgram link;
  uint32_t rounds = 12;
  double windowSeconds = 0.002; ///< of one candidate in one round
  uint32_t limitSeconds = 20;   ///< of one checking run; what takes longer hangs
  uint32_t elementBits = 32;    ///< 16: the FMA peak is that of half precision
  double bound = 1e-5;          ///< largest error relative to the largest output
  int64_t weightFootprint = 0;  ///< bytes of weights that take turns: those of the whole model
  int64_t otherBytes = 0;       ///< that other kernels touch between two calls; 0: calls follow each other
};

struct CandidateResult {
  /// Ok: checked and timed. The others are lost for themselves alone, `why` says how.
  enum class Status { Ok, Wrong, Crashed, Hung, Failed };
  Status status = Status::Failed;
  std::string why;
  double error = 0;            ///< relative to the largest output
  std::vector<double> seconds; ///< of one call, by round; of Ok at least one, of others none
};

struct BatchResult {
  std::vector<CandidateResult> candidates; ///< in the order given
  double peakGflops = 0;                   ///< best window
};

/// Checks all candidates (of one kernel) and times the right ones in turn. An error means that the program
/// could not be made or did not finish its timing; it costs the batch.
llvm::Expected<BatchResult> measureBatch(const Target &target, llvm::ArrayRef<CompiledKernel> candidates,
                                         llvm::ArrayRef<float> expected, const MeasuringOptions &options);

/// The same for a GPU; machine code where a candidate has some, else its PTX.
llvm::Expected<BatchResult> measureBatch(const Target &target, llvm::ArrayRef<DeviceKernel> candidates,
                                         llvm::ArrayRef<float> expected, const MeasuringOptions &options);

/// Checks one kernel without timing it for its own sake.
llvm::Expected<CandidateResult> runOnce(const Target &target, const CompiledKernel &kernel,
                                        llvm::ArrayRef<float> expected, MeasuringOptions options);

/// The middle value; 0 for none.
double median(std::vector<double> values);

} // namespace fasternet
