#include "tune/StaticCost.h"
#include "tune/Assembly.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

#include <algorithm>
#include <cmath>

using namespace fasternet;

namespace {

/// Iterations of an innermost loop that stand in a trace; beyond them its steady state is taken.
constexpr double mostTraced = 12;

/// A loop of the machine code, or a function's body around all loops.
struct CodeLoop {
  double iterations = 0; ///< in one call of the kernel
  llvm::StringRef parent;
  bool innermost = false;
  bool multiplies = false; ///< or a loop in it does
  /// In the order of the text: own blocks, and innermost loops in their place.
  struct Piece {
    const AssemblyBlock *block = nullptr;
    CodeLoop *child = nullptr;
  };
  std::vector<Piece> pieces;
};

/// Elements that one instruction multiplies and adds; 0 for all other instructions.
double fmaFloatsOf(llvm::StringRef instruction) {
  const llvm::StringRef mnemonic = instruction.take_until([](char c) { return c == '\t' || c == ' '; });
  if (mnemonic.starts_with("vfmadd") || mnemonic.starts_with("vfnmadd") || mnemonic.starts_with("vfmsub") ||
      mnemonic.starts_with("vfnmsub")) {
    if (mnemonic.ends_with("ss"))
      return 1;
    return instruction.contains("%zmm") ? 16 : instruction.contains("%ymm") ? 8 : 4;
  }
  if (mnemonic == "fmla" || mnemonic == "fmls")
    return instruction.contains(".8h") ? 8 : instruction.contains(".2s") ? 2 : 4;
  if (mnemonic == "mulps") // SSE has no fused form
    return 4;
  return mnemonic == "fmadd" || mnemonic == "fmsub" ? 1 : 0;
}

/// "product.s1.k$x" of a block that LLVM names "3_for_product.s1.k$x"; empty for other blocks.
llvm::StringRef loopName(llvm::StringRef block) {
  const llvm::StringRef rest = block.drop_while([](char c) { return c >= '0' && c <= '9'; });
  return rest.size() < block.size() && rest.starts_with("_for_") ? rest.drop_front(5) : llvm::StringRef();
}

class CostWalk {
public:
  CostWalk(const KernelListing &listing, ThroughputModel &model)
      : model(model), blocks(readAssembly(listing.assembly)) {
    for (const KernelListing::Function &function : listing.functions)
      loops[function.name].iterations = function.calls;
    for (const AssemblyBlock &block : blocks)
      if (block.loop == block.label && !block.label.empty())
        addLoop(listing, block);
    for (const AssemblyBlock &block : blocks)
      addBlock(block);
  }

  llvm::Expected<StaticCost> walk() {
    for (auto &entry : loops)
      if (!entry.second.innermost)
        if (llvm::Error error = addCost(entry.second))
          return error;
    return cost;
  }

private:
  void addLoop(const KernelListing &listing, const AssemblyBlock &header) {
    CodeLoop &loop = loops[header.label];
    const llvm::StringRef parent = header.parent.empty() ? header.function : header.parent;
    loop.parent = parent;
    loop.innermost = header.innermost;
    // Loops that LLVM or Halide made beside those of the lowered kernel are entered once.
    loop.iterations = loops[parent].iterations;
    const llvm::StringRef name = loopName(header.name);
    size_t skip = used[(header.function + " " + name).str()]++;
    for (const KernelListing::Loop &known : listing.loops)
      if (known.function == header.function && known.name == name && skip-- == 0)
        loop.iterations = known.iterations;
  }

  void addBlock(const AssemblyBlock &block) {
    const bool inLoop = !block.loop.empty();
    auto found = loops.find(inLoop ? block.loop : block.function);
    if (found == loops.end())
      return; // a function that the kernel does not call, such as its form for packed arguments
    CodeLoop &loop = found->second;
    loop.pieces.push_back({&block, nullptr});
    if (inLoop && block.loop == block.label && loop.innermost)
      loops[loop.parent].pieces.push_back({nullptr, &loop});
    for (llvm::StringRef instruction : block.instructions) {
      cost.instructions += loop.iterations;
      if (const double floats = fmaFloatsOf(instruction); floats > 0) {
        cost.fmas += loop.iterations;
        cost.fmaFloats += floats * loop.iterations;
        markMultiplying(loop);
      }
    }
    if (loop.innermost)
      cost.innerSpills += block.spills;
  }

  void markMultiplying(CodeLoop &loop) {
    if (loop.multiplies)
      return;
    loop.multiplies = true;
    if (!loop.parent.empty())
      markMultiplying(loops[loop.parent]);
  }

  llvm::Expected<ThroughputModel::Code> codeOf(const CodeLoop &loop) {
    std::vector<llvm::StringRef> lines;
    for (const CodeLoop::Piece &piece : loop.pieces)
      if (piece.block)
        llvm::append_range(lines, piece.block->instructions);
    return model.read(lines);
  }

  /// Cycles that one more repetition of `trace` takes once the pipeline is full.
  llvm::Expected<double> steady(llvm::ArrayRef<ThroughputModel::Part> trace, size_t repeats) {
    std::vector<ThroughputModel::Part> parts;
    auto once = model.cycles(trace);
    if (!once)
      return once.takeError();
    for (size_t i = 0; i <= repeats; ++i)
      llvm::append_range(parts, trace);
    auto all = model.cycles(parts);
    if (!all)
      return all.takeError();
    return (*all - *once) / double(repeats);
  }

  /// Of a loop that is not innermost, and of the innermost loops directly in it.
  llvm::Error addCost(const CodeLoop &loop) {
    if (loop.iterations == 0)
      return llvm::Error::success();
    std::vector<ThroughputModel::Part> trace;
    double beyond = 0; // cycles of the iterations that the trace leaves out
    for (const CodeLoop::Piece &piece : loop.pieces) {
      auto code = piece.child ? codeOf(*piece.child) : model.read(piece.block->instructions);
      if (!code)
        return code.takeError();
      if (!piece.child) {
        trace.push_back({*code, 1});
        continue;
      }
      const double trip = piece.child->iterations / loop.iterations;
      const double traced = std::min(mostTraced, std::max(1.0, std::round(trip)));
      trace.push_back({*code, size_t(traced)});
      if (trip > traced) {
        auto each = steady({{*code, size_t(mostTraced)}}, 1);
        if (!each)
          return each.takeError();
        beyond += (trip - traced) * *each / mostTraced;
      }
    }
    auto each = steady(trace, 2);
    if (!each)
      return each.takeError();
    const double cycles = loop.iterations * (*each + beyond);
    cost.cycles += cycles;
    if (loop.multiplies)
      cost.tileCycles += cycles;
    return llvm::Error::success();
  }

  ThroughputModel &model;
  std::vector<AssemblyBlock> blocks;
  llvm::StringMap<CodeLoop> loops; ///< by the header's label; functions by their name
  llvm::StringMap<size_t> used;
  StaticCost cost;
};

} // namespace

llvm::Expected<StaticCost> fasternet::predictCost(const KernelListing &listing, ThroughputModel &model) {
  return CostWalk(listing, model).walk();
}

double fasternet::cyclesWithTraffic(double pipelineCycles, const Traffic &traffic, const Target &target) {
  // Assumed, not measured: a line of 64 bytes comes from L2 in two cycles and from beyond it in eight; on ARM
  // in twice as many.
  const double l2Rate = target.family == TargetFamily::Arm ? 16 : 32, memoryRate = l2Rate / 4;
  const double moving = traffic.l2Bytes / l2Rate + traffic.memoryBytes / memoryRate;
  // What memory bounds the pipeline still tells apart a little: heads.
  return moving > pipelineCycles ? moving + pipelineCycles / 32 : pipelineCycles;
}
