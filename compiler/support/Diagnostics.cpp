#include "support/Diagnostics.h"

using namespace fasternet;

void Diagnostics::error(const llvm::Twine &place, const llvm::Twine &message) {
  diagnostics.push_back({Diagnostic::Severity::Error, place.str(), message.str()});
}

void Diagnostics::warning(const llvm::Twine &place, const llvm::Twine &message) {
  diagnostics.push_back({Diagnostic::Severity::Warning, place.str(), message.str()});
}

bool Diagnostics::hasErrors() const {
  return llvm::any_of(diagnostics,
                      [](const Diagnostic &d) { return d.severity == Diagnostic::Severity::Error; });
}

void Diagnostics::print(llvm::raw_ostream &os) const {
  for (const Diagnostic &d : diagnostics) {
    os << (d.severity == Diagnostic::Severity::Error ? "error: " : "warning: ");
    if (!d.place.empty())
      os << d.place << ": ";
    os << d.message << '\n';
  }
}

llvm::Error fasternet::inputError(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}
