// One line of a records file: a candidate that was tried for a kernel on a CPU, and what came of it.
#pragma once

#include "support/KernelSpec.h"
#include "targets/Targets.h"

#include "llvm/Support/Error.h"

#include <string>

namespace fasternet {

struct TuningRecord {
  /// Best: the fastest at its time, confirmed by a second measurement; the only kind that compile uses.
  /// Slower: right, but not the fastest. The others did not run, and say why.
  enum class Outcome { Best, Slower, Wrong, Crashed, Hung, Failed };

  /// How the result came about, what compile prefers first. Emulated: by running in an emulator, whose times
  /// say little about the CPU.
  enum class Obtained { Measured, Predicted, Emulated };

  std::string kernel;     ///< text form of the spec
  std::string cpu;        ///< name in Cpus.def
  std::string isa;        ///< isaName of the target
  std::string parameters; ///< text form
  Outcome outcome = Outcome::Failed;
  double milliseconds = 0; ///< one call on one thread; Best and Slower
  double peakGflops = 0;   ///< FMA peak of the same run
  double shareOfPeak = 0;
  double cycles = 0; ///< of one call, where it was predicted: in place of time and peak
  Obtained obtained = Obtained::Measured;
  std::string compiler; ///< version of fasternetc
  std::string date;     ///< YYYY-MM-DD, UTC
  std::string beats;    ///< Best: the parameters that it was measured against and was faster than, if any
  std::string why;      ///< what went wrong, if anything

  /// One line of JSON without the newline.
  std::string line() const;
  /// An error says what is wrong with the line.
  static llvm::Expected<TuningRecord> parse(llvm::StringRef line);
};

llvm::StringRef outcomeName(TuningRecord::Outcome outcome);
/// Such as measured, as records and listings name it.
llvm::StringRef obtainedName(TuningRecord::Obtained obtained);

} // namespace fasternet
