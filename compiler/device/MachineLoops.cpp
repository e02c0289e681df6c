#include "device/MachineLoops.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

using namespace fasternet;

namespace {

struct Block {
  size_t begin = 0, end = 0; ///< instructions
  llvm::SmallVector<size_t, 2> successors, predecessors;
  llvm::BitVector dominators; ///< empty until the block is reached
};

bool isJump(llvm::StringRef base) {
  return base.starts_with("BR") ? base != "BREAK" : base.starts_with("JM");
}

bool isCall(llvm::StringRef base) {
  return base.starts_with("CALL");
}

/// Whether nothing but a jump's target can follow. A second predicate stands among the operands:
/// BRA P1, `(.L_x_4).
bool leaves(const MachineInstruction &instruction) {
  const llvm::StringRef base = instruction.base();
  if (instruction.predicated || isCall(base))
    return false;
  if (base == "BRA")
    return llvm::StringRef(instruction.operands).starts_with("`(");
  return isJump(base) || base == "EXIT" || base == "RET" || base == "KILL";
}

/// Instructions at the labels that a jump or call names. A jump through a register has its list in a comment;
/// where that is missing it may go to any label.
llvm::SmallVector<size_t> targetsOf(const MachineFunction &function, const MachineInstruction &instruction) {
  llvm::SmallVector<size_t> targets;
  if (!isJump(instruction.base()) && !isCall(instruction.base()))
    return targets;
  llvm::StringRef rest = instruction.operands;
  const llvm::StringRef separators = " `(),\"*";
  while (!(rest = rest.ltrim(separators)).empty()) {
    const size_t length = std::min(rest.find_first_of(separators), rest.size());
    auto label = function.labels.find(rest.take_front(length));
    if (label != function.labels.end() && label->second < function.instructions.size())
      targets.push_back(label->second);
    rest = rest.drop_front(length);
  }
  if (targets.empty() && isJump(instruction.base()) && instruction.base() != "BRA")
    for (const auto &[label, at] : function.labels)
      if (at < function.instructions.size())
        targets.push_back(at);
  return targets;
}

std::vector<Block> blocksOf(const MachineFunction &function) {
  const size_t count = function.instructions.size();
  llvm::BitVector leaders(count + 1);
  leaders.set(0);
  leaders.set(count);
  for (const auto &[label, at] : function.labels)
    leaders.set(at);
  for (size_t i = 0; i < count; ++i)
    if (leaves(function.instructions[i]) || !targetsOf(function, function.instructions[i]).empty())
      leaders.set(i + 1);

  std::vector<Block> blocks;
  std::vector<size_t> blockAt(count);
  for (unsigned begin : leaders.set_bits())
    if (begin < count) {
      blockAt[begin] = blocks.size();
      blocks.push_back({.begin = begin, .end = size_t(leaders.find_next(begin))});
    }
  for (size_t i = 0; i < blocks.size(); ++i) {
    const MachineInstruction &last = function.instructions[blocks[i].end - 1];
    for (size_t target : targetsOf(function, last))
      blocks[i].successors.push_back(blockAt[target]);
    if (!leaves(last) && i + 1 < blocks.size())
      blocks[i].successors.push_back(i + 1);
    for (size_t next : blocks[i].successors)
      blocks[next].predecessors.push_back(i);
  }
  return blocks;
}

/// The blocks that every way from the entry passes, by rounds until nothing changes: code is laid out nearly
/// in the order in which it runs, so that two or three do.
void findDominators(std::vector<Block> &blocks) {
  blocks[0].dominators.resize(blocks.size());
  blocks[0].dominators.set(0);
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = 1; i < blocks.size(); ++i) {
      llvm::BitVector common;
      for (size_t before : blocks[i].predecessors) {
        const llvm::BitVector &dominators = blocks[before].dominators;
        if (common.empty())
          common = dominators;
        else if (!dominators.empty())
          common &= dominators;
      }
      if (common.empty())
        continue;
      common.set(i);
      if (common != blocks[i].dominators) {
        blocks[i].dominators = common;
        changed = true;
      }
    }
  }
}

/// The blocks of the loop with that header; none where nothing leads back to it.
llvm::BitVector loopAround(const std::vector<Block> &blocks, size_t header) {
  llvm::BitVector members(blocks.size());
  llvm::SmallVector<size_t> open;
  for (size_t latch : blocks[header].predecessors)
    if (!blocks[latch].dominators.empty() && blocks[latch].dominators.test(header))
      open.push_back(latch);
  if (open.empty())
    return members;
  members.set(header);
  while (!open.empty()) {
    const size_t block = open.pop_back_val();
    if (members.test(block) || blocks[block].dominators.empty())
      continue;
    members.set(block);
    llvm::append_range(open, blocks[block].predecessors);
  }
  return members;
}

} // namespace

ControlFlow fasternet::analyzeControlFlow(const MachineFunction &function) {
  ControlFlow flow;
  const size_t count = function.instructions.size();
  flow.reachable.resize(count);
  if (count == 0)
    return flow;
  std::vector<Block> blocks = blocksOf(function);
  findDominators(blocks);
  std::vector<std::pair<size_t, llvm::BitVector>> loops; // header and members
  for (size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].dominators.empty())
      continue;
    flow.reachable.set(blocks[i].begin, blocks[i].end);
    if (llvm::BitVector members = loopAround(blocks, i); members.any())
      loops.emplace_back(i, std::move(members));
  }
  for (const auto &[header, members] : loops) {
    MachineLoop loop = {
        .header = blocks[header].begin, .instructions = llvm::BitVector(count), .innermost = true};
    for (unsigned block : members.set_bits())
      loop.instructions.set(blocks[block].begin, blocks[block].end);
    for (const auto &[other, inside] : loops)
      loop.innermost &= other == header || !members.test(other);
    flow.loops.push_back(std::move(loop));
  }
  return flow;
}
