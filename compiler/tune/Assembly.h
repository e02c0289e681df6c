// A compiler's assembly text as basic blocks, with the loops that they belong to.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace fasternet {

/// Read from LLVM's text and the comments that it writes with it; the references point into that text.
struct AssemblyBlock {
  llvm::StringRef function;
  llvm::StringRef label;  ///< BB0_3; empty for a block that only the one before it leads to
  llvm::StringRef name;   ///< of the block in LLVM IR
  llvm::StringRef loop;   ///< label of the header of the innermost loop around it; its own for a header
  llvm::StringRef parent; ///< of a header: label of the loop around that loop, or empty
  bool innermost = false; ///< a header of a loop that contains no other
  size_t spills = 0;      ///< instructions that store a register to the stack or bring it back
  std::vector<llvm::StringRef> instructions;
};

/// The blocks of all functions in the order of the text.
std::vector<AssemblyBlock> readAssembly(llvm::StringRef text);

} // namespace fasternet
