// Collects what is wrong with an input file, so that all of it is reported at once before giving up.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace fasternet {

/// One message: where (file and JSON path, tensor name, line), and what was found and is allowed.
struct Diagnostic {
  enum class Severity { Error, Warning };
  Severity severity = Severity::Error;
  std::string place, message;
};

class Diagnostics {
public:
  void error(const llvm::Twine &place, const llvm::Twine &message);
  void warning(const llvm::Twine &place, const llvm::Twine &message);
  bool hasErrors() const;
  llvm::ArrayRef<Diagnostic> all() const { return diagnostics; }
  /// Prints one line each, `error: <place>: <message>` or `warning: ...`.
  void print(llvm::raw_ostream &os) const;

private:
  std::vector<Diagnostic> diagnostics;
};

/// The error of a user's input: one message with its place, printed by the driver as `error: ...`, exit
/// status 1.
llvm::Error inputError(const llvm::Twine &message);

} // namespace fasternet
