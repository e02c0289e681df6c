#include "device/PtxArithmetic.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace fasternet;

static bool compare(PtxComparison comparison, bool less, bool equal) {
  switch (comparison) {
  case PtxComparison::Equal:
    return equal;
  case PtxComparison::NotEqual:
    return !equal;
  case PtxComparison::Less:
    return less;
  case PtxComparison::LessOrEqual:
    return less || equal;
  case PtxComparison::Greater:
    return !less && !equal;
  default:
    return !less;
  }
}

std::optional<uint64_t> fasternet::computePtx(const PtxInstruction &i, uint64_t a, uint64_t b, uint64_t c) {
  const uint32_t width = i.type.bits;
  const bool isSigned = i.type.kind == PtxType::Kind::Signed;
  // The third operand of a wide product is as wide as its result, the second of a shift 32 bits.
  const bool isShift = i.op == PtxOp::ShiftLeft || i.op == PtxOp::ShiftRight || i.op == PtxOp::ExtractBits;
  a = lowBits(a, width), b = lowBits(b, isShift ? 32 : width);
  const int64_t sa = llvm::SignExtend64(a, width), sb = isShift ? int64_t(b) : llvm::SignExtend64(b, width);
  switch (i.op) {
  case PtxOp::Add:
    return a + b;
  case PtxOp::Subtract:
    return a - b;
  case PtxOp::MultiplyLow:
    return a * b;
  case PtxOp::MultiplyAddLow:
    return a * b + c;
  case PtxOp::MultiplyWide:
    if (width > 32)
      return std::nullopt;
    return isSigned ? uint64_t(sa * sb) : a * b;
  case PtxOp::MultiplyAddWide:
    if (width > 32)
      return std::nullopt;
    return (isSigned ? uint64_t(sa * sb) : a * b) + c;
  case PtxOp::MultiplyHigh:
    if (width > 32)
      return std::nullopt;
    return isSigned ? uint64_t(sa * sb) >> width : (a * b) >> width;
  case PtxOp::Divide:
  case PtxOp::Remainder:
    if (b == 0 || (isSigned && sb == -1))
      return std::nullopt;
    if (i.op == PtxOp::Divide)
      return isSigned ? uint64_t(sa / sb) : a / b;
    return isSigned ? uint64_t(sa % sb) : a % b;
  case PtxOp::ShiftLeft:
    return b >= width ? 0 : a << b;
  case PtxOp::ShiftRight:
    return isSigned ? uint64_t(sa >> std::min<uint64_t>(b, 63)) : b >= width ? 0 : a >> b;
  case PtxOp::And:
    return a & b;
  case PtxOp::Or:
    return a | b;
  case PtxOp::Xor:
    return a ^ b;
  case PtxOp::Not:
    return ~a;
  case PtxOp::Negate:
    return 0 - a;
  case PtxOp::Minimum:
    return isSigned ? uint64_t(std::min(sa, sb)) : std::min(a, b);
  case PtxOp::Maximum:
    return isSigned ? uint64_t(std::max(sa, sb)) : std::max(a, b);
  case PtxOp::ExtractBits:
    if (isSigned || b >= width)
      return std::nullopt;
    return lowBits(a >> b, uint32_t(std::min<uint64_t>(c, 64)));
  case PtxOp::Convert:
    return isSigned ? uint64_t(sa) : a;
  case PtxOp::Move:
    return a;
  case PtxOp::Compare:
    if (i.comparison == PtxComparison::Other)
      return std::nullopt;
    return compare(i.comparison, isSigned ? sa < sb : a < b, a == b);
  default:
    return std::nullopt;
  }
}
