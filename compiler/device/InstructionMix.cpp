#include "device/InstructionMix.h"
#include "device/MachineLoops.h"

using namespace fasternet;

static InstructionMix mixOf(const MachineFunction &function, const llvm::BitVector &counted) {
  InstructionMix mix;
  for (unsigned i : counted.set_bits()) {
    ++mix.instructions;
    ++mix.opcodes[function.instructions[i].base().str()];
  }
  return mix;
}

size_t InstructionMix::count(llvm::StringRef opcode) const {
  auto found = opcodes.find(opcode);
  return found == opcodes.end() ? 0 : found->second;
}

double InstructionMix::share(llvm::StringRef opcode) const {
  return instructions == 0 ? 0 : double(count(opcode)) / double(instructions);
}

FunctionMix fasternet::countInstructions(const MachineFunction &function) {
  const ControlFlow flow = analyzeControlFlow(function);
  FunctionMix result = {.function = function.name, .mix = mixOf(function, flow.reachable)};
  for (const MachineLoop &loop : flow.loops) {
    std::string label;
    for (const auto &[name, at] : function.labels)
      if (at == loop.header && (label.empty() || name.starts_with(".L"))) // not the function's own name
        label = name;
    result.loops.push_back({label, loop.innermost, mixOf(function, loop.instructions)});
  }
  return result;
}

/// Multiplication of matrices by a warp, or (with a G) by four.
static constexpr llvm::StringRef tensorCoreOpcodes[] = {"HMMA", "HGMMA", "QMMA", "QGMMA",
                                                        "IMMA", "IGMMA", "DMMA"};

std::optional<ProductShare> fasternet::productShare(const FunctionMix &function) {
  ProductShare result = {.opcode = "FFMA"};
  for (llvm::StringRef opcode : tensorCoreOpcodes)
    if (function.mix.count(opcode) > function.mix.count(result.opcode) ||
        (result.opcode == "FFMA" && function.mix.count(opcode) > 0))
      result.opcode = opcode;
  if (function.mix.count(result.opcode) == 0)
    return std::nullopt;
  size_t products = 0, instructions = 0;
  for (const FunctionMix::Loop &loop : function.loops) {
    const size_t count = loop.mix.count(result.opcode);
    if (!loop.innermost || count == 0)
      continue;
    products += count;
    instructions += loop.mix.instructions;
    const double share = loop.mix.share(result.opcode);
    if (products == count || share < result.share) {
      result.loop = loop.label;
      result.share = share;
    }
  }
  result.wholeFunction = products == 0;
  if (result.wholeFunction)
    result.share = result.shareOfLoops = function.mix.share(result.opcode);
  else
    result.shareOfLoops = double(products) / double(instructions);
  return result;
}
