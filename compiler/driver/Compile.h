// `fasternetc compile`: model and weights to the files of a library.
#pragma once

#include "driver/RecordSources.h"
#include "support/KernelSpec.h"
#include "targets/Targets.h"

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace fasternet {

class Pipeline;

struct CompileOptions {
  std::string model, weights, name;
  std::string output; ///< folder; empty: the model's name. A GPU's library lies in the folder cuda below it
  std::string cc;     ///< C compiler of the target machine, for the runtime library
  std::vector<const Target *> targets;
  bool quiet = false; ///< no progress on stderr
  RecordSources records;
  ElementType precision = ElementType::F32;
  const Target *host = nullptr; ///< of a GPU's library: the CPU target that its host code is for
};

/// What a caller needs to know of the library it has made.
struct CompiledModel {
  std::string name;
  std::string library;        ///< path of lib<name>.a
  std::string runtimeLibrary; ///< path of libfasternet_runtime.a; empty when the C compiler is not there
  std::vector<std::string> kernels; ///< spec of each step, in order
  int64_t libraryBytes = 0, weightBytes = 0;
};

/// Writes DESIGN.md's file set into options.output, whole or not at all. The library of a GPU, and with it
/// every public name, is called <name>_cuda.
llvm::Expected<CompiledModel> compileModel(const CompileOptions &options);
/// The same for a model that has been imported already; `model` and `weights` of the options are not read.
llvm::Expected<CompiledModel> compileModel(Pipeline &pipeline, const CompileOptions &options);

} // namespace fasternet
