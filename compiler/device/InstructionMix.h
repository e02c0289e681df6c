// Which instructions a device function consists of, and how much of its inner loops is multiplying.
#pragma once

#include "device/Disassembly.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fasternet {

/// Counts of the text, not of a run.
struct InstructionMix {
  size_t instructions = 0;
  std::map<std::string, size_t, std::less<>>
      opcodes; ///< without modifiers: FFMA, HMMA, LDG, LDGSTS, BAR, IMAD

  size_t count(llvm::StringRef opcode) const;
  /// Of all instructions, 0 to 1; 0 of none.
  double share(llvm::StringRef opcode) const;
};

struct FunctionMix {
  struct Loop {
    std::string label; ///< of the header
    bool innermost = false;
    InstructionMix mix; ///< inner loops included
  };

  std::string function;
  InstructionMix mix;      ///< of all that can run
  std::vector<Loop> loops; ///< in the order of their headers
};

FunctionMix countInstructions(const MachineFunction &function);

/// How much of a product's inner loop multiplies.
struct ProductShare {
  std::string
      opcode; ///< the function's most frequent one of the tensor cores (HMMA, ...), or FFMA where it has none
  /// Label of the innermost loop that has some, but fewest of its instructions: a launch may compute several
  /// products. Empty where no innermost loop has any.
  std::string loop;
  double share = 0;        ///< among that loop's instructions
  double shareOfLoops = 0; ///< among the instructions of all innermost loops that have any
  /// There is no such loop, all is unrolled: both shares are those of the function.
  bool wholeFunction = false;
};

/// Nothing for a function that multiplies neither in single precision nor on tensor cores.
std::optional<ProductShare> productShare(const FunctionMix &function);

} // namespace fasternet
