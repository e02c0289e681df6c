// `fasternetc inspect`: what the compiler sees and decides, as text on stdout.
#pragma once

#include "driver/RecordSources.h"
#include "support/KernelSpec.h"
#include "targets/Targets.h"

#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace fasternet {

enum class Stage { Imported, Fused, Planned, Llvm };

struct InspectOptions {
  std::string model, weights = "seeded:7", name;
  std::optional<Stage> stage; ///< print the IR at this level
  bool kernels = false;       ///< list the distinct kernels
  bool memory = false;        ///< draw the arena over time
  bool predict = false;       ///< cost of each kernel from its machine code
  std::vector<const Target *> targets;
  RecordSources records;
  ElementType precision = ElementType::F32;
};

/// Without stage, kernels, memory and predict: a summary of the model's stages.
llvm::Error inspect(const InspectOptions &options);

} // namespace fasternet
