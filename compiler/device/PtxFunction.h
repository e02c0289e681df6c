// One entry of a PTX module as instructions over numbered registers, in a form that can be run.
#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <vector>

namespace fasternet {

enum class PtxOp {
  Add,
  Subtract,
  MultiplyLow,
  MultiplyHigh,
  MultiplyWide,
  MultiplyAddLow,
  MultiplyAddWide,
  Divide,
  Remainder,
  ShiftLeft,
  ShiftRight,
  And,
  Or,
  Xor,
  Not,
  Negate,
  Minimum,
  Maximum,
  ExtractBits,
  Convert,
  Compare,
  Select,
  Move,
  FusedMultiplyAdd,
  MatrixProduct,
  Load,
  Store,
  Barrier,
  Branch,
  Return,
  Other ///< whose results are not known
};

struct PtxType {
  enum class Kind { Unsigned, Signed, Bits, Predicate, Float };
  Kind kind = Kind::Bits;
  uint32_t bits = 32;
  bool isInteger() const { return kind != Kind::Float; }
};

enum class PtxSpace { Global, Shared, Local, Parameter, Generic };
enum class PtxComparison { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, Other };

/// A register, a value, or the address base + value of one of both.
struct PtxOperand {
  enum class Kind { Register, Constant, Parameter, Special };
  Kind kind = Kind::Constant;
  uint32_t index = 0; ///< of a register or parameter; of a special register the place in ptxSpecials
  uint64_t value = 0; ///< of a constant; else what is added to it
};

/// Special registers that have a value here; others are not known.
inline constexpr llvm::StringLiteral ptxSpecials[] = {
    "%tid.x",  "%tid.y",  "%tid.z",    "%ctaid.x",  "%ctaid.y",  "%ctaid.z", "%ntid.x",
    "%ntid.y", "%ntid.z", "%nctaid.x", "%nctaid.y", "%nctaid.z", "%laneid"};
inline constexpr uint32_t unknownSpecial = uint32_t(std::size(ptxSpecials));

struct PtxInstruction {
  PtxOp op = PtxOp::Other;
  PtxType type;       ///< of the operands
  PtxType resultType; ///< of a conversion's result; else as `type`
  PtxSpace space = PtxSpace::Generic;
  PtxComparison comparison = PtxComparison::Other;
  uint32_t elements = 1; ///< that a load or store moves
  bool guarded = false, guardIsNegated = false;
  uint32_t guard = 0; ///< register
  /// The list of vector operands, such as {%r1, %r2}, is one entry.
  llvm::SmallVector<llvm::SmallVector<PtxOperand, 2>, 4> operands;
  size_t target = 0; ///< instruction that a branch goes to
};

struct PtxFunction {
  std::vector<PtxInstruction> instructions;
  std::vector<bool> leaders; ///< by instruction: a label stands before it
  uint32_t registers = 0;
  uint32_t parameters = 0;
};

/// Reads the entry of that name. Instructions that it does not know are PtxOp::Other; a missing entry or
/// label and text that is no PTX are errors.
llvm::Expected<PtxFunction> readPtxFunction(llvm::StringRef ptx, llvm::StringRef name);

} // namespace fasternet
