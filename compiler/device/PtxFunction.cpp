#include "device/PtxFunction.h"
#include "support/Diagnostics.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace fasternet;

namespace {

PtxOp opOf(llvm::StringRef opcode) {
  auto [base, rest] = opcode.split('.');
  const bool low = rest.starts_with("lo."), wide = rest.starts_with("wide."), high = rest.starts_with("hi.");
  if (base == "mul")
    return low ? PtxOp::MultiplyLow : wide ? PtxOp::MultiplyWide : high ? PtxOp::MultiplyHigh : PtxOp::Other;
  if (base == "mad")
    return low ? PtxOp::MultiplyAddLow : wide ? PtxOp::MultiplyAddWide : PtxOp::Other;
  return llvm::StringSwitch<PtxOp>(base)
      .Case("add", PtxOp::Add)
      .Case("sub", PtxOp::Subtract)
      .Case("div", PtxOp::Divide)
      .Case("rem", PtxOp::Remainder)
      .Case("shl", PtxOp::ShiftLeft)
      .Case("shr", PtxOp::ShiftRight)
      .Case("and", PtxOp::And)
      .Case("or", PtxOp::Or)
      .Case("xor", PtxOp::Xor)
      .Case("not", PtxOp::Not)
      .Case("neg", PtxOp::Negate)
      .Case("min", PtxOp::Minimum)
      .Case("max", PtxOp::Maximum)
      .Case("bfe", PtxOp::ExtractBits)
      .Case("cvt", PtxOp::Convert)
      .Case("setp", PtxOp::Compare)
      .Case("selp", PtxOp::Select)
      .Cases({"mov", "cvta"}, PtxOp::Move)
      .Case("fma", PtxOp::FusedMultiplyAdd)
      .Cases({"mma", "wmma", "wgmma"}, PtxOp::MatrixProduct)
      .Cases({"ld", "ldu"}, PtxOp::Load)
      .Case("st", PtxOp::Store)
      .Cases({"bar", "barrier"}, PtxOp::Barrier)
      .Case("bra", PtxOp::Branch)
      .Cases({"ret", "exit"}, PtxOp::Return)
      .Default(PtxOp::Other);
}

/// s32, f16x2, pred; false for other modifiers.
bool readType(llvm::StringRef text, PtxType &type) {
  using Kind = PtxType::Kind;
  if (text == "pred") {
    type = {Kind::Predicate, 1};
    return true;
  }
  Kind kind = Kind::Float;
  if (!text.consume_front("bf") && !text.consume_front("tf") && !text.consume_front("f")) {
    kind = text.starts_with("u") ? Kind::Unsigned : text.starts_with("s") ? Kind::Signed : Kind::Bits;
    if (!text.consume_front("u") && !text.consume_front("s") && !text.consume_front("b"))
      return false;
  }
  uint32_t bits = 0, times = 1;
  auto [size, packed] = text.split('x');
  if (size.getAsInteger(10, bits) || (!packed.empty() && packed.getAsInteger(10, times)) || bits == 0 ||
      bits > 128)
    return false;
  type = {kind, bits * times};
  return true;
}

void readModifiers(llvm::StringRef opcode, PtxInstruction &instruction) {
  llvm::SmallVector<llvm::StringRef> modifiers;
  opcode.split(modifiers, '.');
  for (llvm::StringRef modifier : llvm::drop_begin(modifiers)) {
    PtxType type;
    if (readType(modifier, type)) {
      // A conversion names its result's type first.
      instruction.resultType = instruction.op == PtxOp::Convert && instruction.resultType.bits != 0
                                   ? instruction.resultType
                                   : type;
      instruction.type = type;
      continue;
    }
    instruction.space = llvm::StringSwitch<PtxSpace>(modifier)
                            .Case("global", PtxSpace::Global)
                            .StartsWith("shared", PtxSpace::Shared)
                            .Case("local", PtxSpace::Local)
                            .StartsWith("param", PtxSpace::Parameter)
                            .Default(instruction.space);
    instruction.comparison = llvm::StringSwitch<PtxComparison>(modifier)
                                 .Case("eq", PtxComparison::Equal)
                                 .Case("ne", PtxComparison::NotEqual)
                                 .Cases({"lt", "lo"}, PtxComparison::Less)
                                 .Cases({"le", "ls"}, PtxComparison::LessOrEqual)
                                 .Cases({"gt", "hi"}, PtxComparison::Greater)
                                 .Cases({"ge", "hs"}, PtxComparison::GreaterOrEqual)
                                 .Default(instruction.comparison);
    if (modifier == "v2" || modifier == "v4" || modifier == "v8")
      instruction.elements = uint32_t(modifier[1] - '0');
    // A comparison that is combined with another predicate.
    if (instruction.op == PtxOp::Compare && (modifier == "and" || modifier == "or" || modifier == "xor"))
      instruction.op = PtxOp::Other;
  }
}

class FunctionReader {
public:
  explicit FunctionReader(llvm::StringRef name) : name(name) {}

  llvm::Expected<PtxFunction> read(llvm::StringRef parameterList, llvm::StringRef body) {
    readParameters(parameterList);
    while (!(body = body.ltrim()).empty()) {
      if (body.consume_front("//")) {
        body = body.drop_until([](char c) { return c == '\n'; });
      } else if (body.starts_with(".")) {
        body = body.split(';').second; // a declaration
      } else if (body.starts_with("{") || body.starts_with("}")) {
        body = body.drop_front();
      } else if (llvm::StringRef label = body.take_while(isNameCharacter);
                 body.drop_front(label.size()).starts_with(":")) {
        labels[label] = function.instructions.size();
        body = body.drop_front(label.size() + 1);
      } else {
        auto [statement, next] = body.split(';');
        if (statement.size() == body.size())
          return inputError("entry '" + name + "': '" + statement.trim().take_front(60) +
                            "' is no instruction");
        readStatement(statement.trim());
        body = next;
      }
    }
    for (auto [index, label] : branches) {
      auto found = labels.find(label);
      if (found == labels.end())
        return inputError("entry '" + name + "' branches to '" + label + "', which it has not");
      function.instructions[index].target = found->second;
    }
    function.leaders.resize(function.instructions.size() + 1);
    for (const auto &label : labels)
      function.leaders[label.second] = true;
    return std::move(function);
  }

private:
  static bool isNameCharacter(char c) { return llvm::isAlnum(c) || c == '_' || c == '$' || c == '%'; }

  void readParameters(llvm::StringRef list) {
    llvm::SmallVector<llvm::StringRef> parts;
    list.split(parts, ',', -1, /*KeepEmpty=*/false);
    for (llvm::StringRef part : parts)
      parameters[part.rtrim().rsplit(' ').second] = function.parameters++;
  }

  void readStatement(llvm::StringRef text) {
    PtxInstruction instruction;
    if (text.consume_front("@")) {
      instruction.guarded = true;
      instruction.guardIsNegated = text.consume_front("!");
      const llvm::StringRef guard = text.take_until([](char c) { return llvm::isSpace(c); });
      instruction.guard = registerOf(guard);
      text = text.drop_front(guard.size()).ltrim();
    }
    const llvm::StringRef opcode = text.take_until([](char c) { return llvm::isSpace(c); });
    text = text.drop_front(opcode.size()).trim();
    instruction.op = opOf(opcode);
    instruction.resultType.bits = 0;
    readModifiers(opcode, instruction);
    if (instruction.op == PtxOp::Branch) {
      branches.emplace_back(function.instructions.size(), text);
    } else {
      while (!text.empty())
        instruction.operands.push_back(readOperand(text));
    }
    function.instructions.push_back(std::move(instruction));
  }

  /// Takes one operand, or a list in braces, off `text`.
  llvm::SmallVector<PtxOperand, 2> readOperand(llvm::StringRef &text) {
    llvm::SmallVector<PtxOperand, 2> group;
    llvm::StringRef list;
    const llvm::StringRef closing = text.starts_with("{") ? "}" : text.starts_with("[") ? "]" : "";
    if (!closing.empty()) {
      std::tie(list, text) = text.drop_front().split(closing);
      text = text.drop_until([](char c) { return c == ','; });
    } else {
      list = text.take_until([](char c) { return c == ','; });
      text = text.drop_front(list.size());
    }
    text = text.drop_front(text.starts_with(",") ? 1 : 0).ltrim();
    llvm::SmallVector<llvm::StringRef, 4> parts;
    list.split(parts, ',', -1, /*KeepEmpty=*/false);
    for (llvm::StringRef part : parts)
      group.push_back(readAtom(part.trim()));
    if (group.empty())
      group.push_back({.kind = PtxOperand::Kind::Special, .index = unknownSpecial});
    return group;
  }

  /// %r1, %r1+-48, -5, 0f3F800000, a special register, a parameter or another name. Shared memory begins at
  /// zero whatever its name is: only distances count.
  PtxOperand readAtom(llvm::StringRef text) {
    PtxOperand operand;
    auto [base, offset] = text.split('+');
    int64_t added = 0;
    if (!offset.empty() && !offset.trim().getAsInteger(0, added))
      operand.value = uint64_t(added);
    base = base.trim();
    int64_t number = 0;
    if (!base.getAsInteger(0, number)) {
      operand.value += uint64_t(number);
    } else if (base.size() > 2 && (base.starts_with("0f") || base.starts_with("0d"))) {
      (void)base.drop_front(2).getAsInteger(16, operand.value);
    } else if (auto parameter = parameters.find(base); parameter != parameters.end()) {
      operand.kind = PtxOperand::Kind::Parameter;
      operand.index = parameter->second;
    } else if (base.starts_with("%")) {
      const auto *special = llvm::find(ptxSpecials, base);
      const bool isSpecial = base.contains('.') || special != std::end(ptxSpecials);
      operand.kind = isSpecial ? PtxOperand::Kind::Special : PtxOperand::Kind::Register;
      operand.index = isSpecial ? uint32_t(special - std::begin(ptxSpecials)) : registerOf(base);
    }
    return operand;
  }

  uint32_t registerOf(llvm::StringRef text) {
    return registers.try_emplace(text, function.registers).second ? function.registers++ : registers[text];
  }

  llvm::StringRef name;
  PtxFunction function;
  llvm::StringMap<uint32_t> registers, parameters;
  llvm::StringMap<size_t> labels;
  std::vector<std::pair<size_t, llvm::StringRef>> branches;
};

} // namespace

llvm::Expected<PtxFunction> fasternet::readPtxFunction(llvm::StringRef ptx, llvm::StringRef name) {
  const std::string head = (".entry " + name + "(").str();
  const size_t begin = ptx.find(head);
  if (begin == llvm::StringRef::npos)
    return inputError("the PTX has no entry '" + name + "'");
  auto [parameters, rest] = ptx.drop_front(begin + head.size()).split(')');
  rest = rest.split('{').second;
  // Braces nest, in lists of operands too; comments may name loops with any characters.
  size_t end = 0;
  for (int depth = 1; end < rest.size(); ++end) {
    if (rest.substr(end).starts_with("//"))
      end = std::min(rest.find('\n', end), rest.size() - 1);
    depth += rest[end] == '{' ? 1 : rest[end] == '}' ? -1 : 0;
    if (depth == 0)
      return FunctionReader(name).read(parameters, rest.take_front(end));
  }
  return inputError("entry '" + name + "' has no end");
}
