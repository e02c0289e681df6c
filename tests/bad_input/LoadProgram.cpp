// The front end as a program, without MLIR: reads a description and weights and prints what is wrong with
// them. Takes the arguments of `fasternetc inspect MODEL --weights W --stage imported`, so that one table
// serves both.
#include "frontend/Weights.h"

using namespace fasternet;

int main(int argc, char **argv) {
  llvm::StringRef model, weights;
  for (int i = 1; i < argc; ++i) {
    llvm::StringRef argument = argv[i];
    if (argument == "inspect")
      continue;
    if (argument == "--weights" && i + 1 < argc)
      weights = argv[++i];
    else if (argument == "--stage" && i + 1 < argc)
      ++i;
    else
      model = argument;
  }
  Diagnostics diagnostics;
  if (auto description = loadModelDescription(model, diagnostics); description && !weights.empty())
    loadWeights(*description, weights, diagnostics);
  diagnostics.print(llvm::errs());
  return diagnostics.hasErrors() ? 1 : 0;
}
