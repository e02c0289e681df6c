// The machine code of a cubin as text, by NVIDIA's nvdisasm, read into instructions.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <map>
#include <string>
#include <vector>

namespace fasternet {

struct MachineInstruction {
  std::string opcode;      ///< with its modifiers: LDG.E.128.CONSTANT
  std::string operands;    ///< as nvdisasm writes them
  bool predicated = false; ///< runs only where a predicate holds

  /// The opcode without modifiers: LDG. The move that is written HFMA2.MMA on sm_80 is an HFMA2.
  llvm::StringRef base() const { return llvm::StringRef(opcode).split('.').first; }
};

/// An entry with the subroutines that its section holds, in the order of addresses.
struct MachineFunction {
  std::string name;
  std::vector<MachineInstruction> instructions;
  std::map<std::string, size_t, std::less<>> labels; ///< index of the instruction that follows the label
};

/// The functions in the order of the cubin. A missing nvdisasm is an error (ask findDeviceTool first where it
/// is none), as is what it refuses.
llvm::Expected<std::vector<MachineFunction>> disassemble(llvm::StringRef cubin);

/// Reads the text of `nvdisasm -c`; other lines than sections, labels and instructions are passed over.
std::vector<MachineFunction> readDisassembly(llvm::StringRef text);

} // namespace fasternet
