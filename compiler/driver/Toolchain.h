// What the C compiler of the target machine is used for: the runtime library, and programs around emitted
// libraries.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace fasternet {

/// Whether the command is found on PATH.
bool haveCompiler(llvm::StringRef cc);

/// Compiles a package's runtime sources into object files, in the order of their names: (member name, object
/// bytes). Same sources and compiler, same bytes.
llvm::Expected<std::vector<std::pair<std::string, std::string>>> compileRuntime(llvm::StringRef cc,
                                                                                bool onDevice);

/// A harness program of runtime/harness, linked with libraries and objects so that it needs no arguments;
/// statically, to run on other machines too.
struct HarnessBuild {
  std::string cc;
  std::vector<std::string> sources;   ///< below runtime, such as harness/verify.c
  std::vector<std::string> defines;   ///< NAME=VALUE
  std::vector<std::string> libraries; ///< objects, archives and C files, in link order
  std::string output;                 ///< path of the program
  bool onDevice = false;              ///< it runs on a GPU: linked dynamically, since it opens the driver
};
llvm::Error linkHarness(const HarnessBuild &build);

} // namespace fasternet
