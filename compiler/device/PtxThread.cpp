#include "device/PtxThread.h"
#include "device/PtxArithmetic.h"
#include "support/Diagnostics.h"

#include <algorithm>

using namespace fasternet;

namespace {

/// What does not end within so many instructions is taken to have no end: the longest threads of published
/// models run a few hundred thousand.
constexpr size_t mostInstructions = size_t(1) << 26;

struct Value {
  uint64_t bits = 0;
  bool known = false;
};

class Thread {
public:
  Thread(const PtxFunction &function, const DeviceLaunch &launch, std::array<uint32_t, 3> place)
      : function(function), launch(launch), place(place), registers(function.registers) {}

  llvm::Error run(llvm::function_ref<void(const PtxStep &)> visit) {
    size_t count = 0;
    for (size_t at = 0; at < function.instructions.size();) {
      const PtxInstruction &i = function.instructions[at];
      if (++count > mostInstructions)
        return inputError("no end after " + llvm::Twine(mostInstructions) + " instructions");
      bool skipped = false;
      if (i.guarded) {
        const Value guard = registers[i.guard];
        if (!guard.known && (i.op == PtxOp::Branch || i.op == PtxOp::Return))
          return inputError("instruction " + llvm::Twine(at) + " branches on a value that is not known");
        skipped = guard.known && (guard.bits != 0) == i.guardIsNegated;
      }
      visit({at, &i, isAccess(i) ? addressOf(i) : std::nullopt});
      if (!skipped && i.op == PtxOp::Return)
        return llvm::Error::success();
      if (!skipped && i.op == PtxOp::Branch) {
        at = i.target;
        continue;
      }
      if (!skipped)
        execute(i, /*certain=*/!i.guarded || registers[i.guard].known);
      ++at;
    }
    return llvm::Error::success();
  }

private:
  static bool isAccess(const PtxInstruction &i) {
    return (i.op == PtxOp::Load || i.op == PtxOp::Store) && i.space != PtxSpace::Parameter &&
           i.operands.size() >= 2;
  }

  std::optional<uint64_t> addressOf(const PtxInstruction &i) const {
    const Value address = valueOf(i.operands[i.op == PtxOp::Load ? 1 : 0].front());
    return address.known ? std::optional(address.bits) : std::nullopt;
  }

  Value valueOf(const PtxOperand &operand) const {
    switch (operand.kind) {
    case PtxOperand::Kind::Constant:
      return {operand.value, true};
    case PtxOperand::Kind::Register: {
      const Value value = registers[operand.index];
      return {value.bits + operand.value, value.known};
    }
    case PtxOperand::Kind::Special:
      return specialValue(operand.index);
    case PtxOperand::Kind::Parameter:
      if (operand.index < launch.arguments.size() && operand.value == 0) {
        const LaunchArgument &argument = launch.arguments[operand.index];
        return {argument.buffer < 0 ? argument.scalar
                                    : (uint64_t(argument.buffer + 1) << 32) + uint64_t(argument.byteOffset),
                true};
      }
      return {};
    }
    return {};
  }

  /// In the order of ptxSpecials.
  Value specialValue(uint32_t index) const {
    if (index < 3)
      return {place[index], true};
    if (index < 6)
      return {0, true}; // the first block
    if (index < 9)
      return {launch.threads[index - 6], true};
    if (index < 12)
      return {launch.grid[index - 9], true};
    return {place[0] % 32, index < unknownSpecial};
  }

  void execute(const PtxInstruction &i, bool certain) {
    if (i.op == PtxOp::Store || i.op == PtxOp::Barrier || i.operands.empty())
      return;
    const auto &results = i.operands.front();
    Value value;
    if (i.op == PtxOp::Load) {
      if (i.space == PtxSpace::Parameter && results.size() == 1 && i.operands.size() == 2)
        value = valueOf(i.operands[1].front());
    } else if (i.op == PtxOp::Move && i.operands.size() == 2 &&
               (results.size() > 1 || i.operands[1].size() > 1)) {
      repack(i);
      return;
    } else {
      value = computed(i);
    }
    const PtxType &type = i.op == PtxOp::Convert ? i.resultType : i.type;
    const bool wide = i.op == PtxOp::MultiplyWide || i.op == PtxOp::MultiplyAddWide;
    const uint32_t width = i.op == PtxOp::Compare ? 1 : wide ? 2 * type.bits : type.bits;
    for (const PtxOperand &result : results)
      if (result.kind == PtxOperand::Kind::Register)
        registers[result.index] = {lowBits(value.bits, width), value.known && certain};
  }

  /// mov.b64 {%r1, %r2}, %rd1 and mov.b64 %rd1, {%r1, %r2}: the first of the list are the lowest bits.
  void repack(const PtxInstruction &i) {
    const auto &to = i.operands[0], &from = i.operands[1];
    if (to.size() == 1) {
      const uint32_t width = i.type.bits / uint32_t(from.size());
      Value whole{0, true};
      for (size_t k = 0; k < from.size(); ++k) {
        const Value part = valueOf(from[k]);
        whole.known &= part.known;
        whole.bits |= lowBits(part.bits, width) << (k * width);
      }
      registers[to[0].index] = whole;
      return;
    }
    const Value whole = valueOf(from[0]);
    const uint32_t width = i.type.bits / uint32_t(to.size());
    for (size_t k = 0; k < to.size(); ++k)
      if (to[k].kind == PtxOperand::Kind::Register)
        registers[to[k].index] = {lowBits(whole.bits >> (k * width), width), whole.known};
  }

  Value computed(const PtxInstruction &i) const {
    if (!i.type.isInteger() || !i.resultType.isInteger() || i.type.bits > 64 || i.operands.size() < 2)
      return {};
    // Operand 0 is the result.
    Value given[4];
    for (size_t k = 1; k < std::min<size_t>(i.operands.size(), 4); ++k)
      given[k] = valueOf(i.operands[k].front());
    if (i.op == PtxOp::Select) {
      const Value &condition = given[3];
      return condition.known ? given[condition.bits ? 1 : 2] : Value{};
    }
    for (size_t k = 1; k < i.operands.size(); ++k)
      if (k >= 4 || !given[k].known)
        return {};
    const auto result = computePtx(i, given[1].bits, given[2].bits, given[3].bits);
    return {result.value_or(0), result.has_value()};
  }

  const PtxFunction &function;
  const DeviceLaunch &launch;
  std::array<uint32_t, 3> place;
  std::vector<Value> registers;
};

} // namespace

llvm::Error fasternet::runPtxThread(const PtxFunction &function, const DeviceLaunch &launch,
                                    std::array<uint32_t, 3> thread,
                                    llvm::function_ref<void(const PtxStep &)> visit) {
  return Thread(function, launch, thread).run(visit);
}
