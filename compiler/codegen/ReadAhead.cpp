#include "codegen/ReadAhead.h"

#include "llvm/Support/MathExtras.h"

using namespace Halide;
using namespace Halide::Internal;

namespace {

constexpr int64_t lineBytes = 64;

/// How often the innermost loops that read a buffer go round in one execution of a statement.
class IterationCounter : public IRVisitor {
public:
  explicit IterationCounter(const std::string &buffer) : buffer(buffer) {}

  int64_t iterations = 0;
  bool reads = false;     ///< the buffer, anywhere
  bool isConstant = true; ///< the number is known

private:
  using IRVisitor::visit;

  void visit(const For *loop) override {
    const int64_t before = iterations;
    const bool readsBefore = reads;
    iterations = 0, reads = false;
    loop->body.accept(this);
    if (reads) {
      const auto extent = as_const_int(simplify(loop->extent));
      isConstant &= extent.has_value();
      iterations = extent.value_or(0) * std::max<int64_t>(iterations, 1);
    }
    iterations += before, reads |= readsBefore;
  }

  void visit(const IfThenElse *branch) override {
    const int64_t before = iterations;
    iterations = 0;
    branch->then_case.accept(this);
    const int64_t taken = iterations;
    iterations = 0;
    if (branch->else_case.defined())
      branch->else_case.accept(this);
    iterations = before + std::max(iterations, taken);
  }

  void visit(const Load *load) override {
    reads |= load->name == buffer;
    IRVisitor::visit(load);
  }

  const std::string &buffer;
};

IterationCounter iterationsOf(const Stmt &statement, const std::string &buffer) {
  IterationCounter counter(buffer);
  statement.accept(&counter);
  return counter;
}

bool isLoopOver(const For *loop, const std::string &variable) {
  return ends_with(loop->name, "." + variable);
}

/// Puts the prefetches of one ReadAhead into the body of its loop.
class PrefetchInserter : public IRMutator {
public:
  /// `first`: the element that the first iteration asks for; `step` elements lie between two.
  PrefetchInserter(const fasternet::ReadAhead &ahead, Expr first, int64_t step)
      : ahead(ahead), position(std::move(first)), step(step) {}

private:
  using IRMutator::visit;

  Stmt visit(const For *loop) override {
    const IterationCounter inside = iterationsOf(loop->body, ahead.pace);
    if (!inside.reads)
      return loop;
    const Expr before = position;
    const Expr round = Variable::make(Int(32), loop->name) - loop->min;
    const int64_t each = isLoopOver(loop, ahead.planeLoop)
                             ? ahead.planeElements
                             : std::max<int64_t>(inside.iterations / ahead.planes, 1) * step;
    position = before + round * int(each);
    Stmt body = inside.iterations > 0 ? mutate(loop->body) : Block::make(prefetches(), loop->body);
    position = before;
    return For::make(loop->name, loop->min, loop->extent, loop->for_type, loop->partition_policy,
                     loop->device_api, body);
  }

  Stmt visit(const Block *block) override {
    Stmt first = mutate(block->first);
    const Expr before = position;
    position = before + int(iterationsOf(block->first, ahead.pace).iterations / ahead.planes * step);
    Stmt rest = mutate(block->rest);
    position = before;
    return Block::make(first, rest);
  }

  Stmt prefetches() const {
    std::vector<Stmt> calls;
    const auto line = int(lineBytes / ahead.type.bytes());
    for (int offset = 0; offset < step; offset += line)
      calls.push_back(Evaluate::make(Call::make(
          ahead.type, Call::prefetch,
          {Variable::make(Handle(), ahead.buffer), simplify(position + offset), 1, 1}, Call::Intrinsic)));
    return Block::make(calls);
  }

  const fasternet::ReadAhead &ahead;
  Expr position;
  int64_t step;
};

} // namespace

Stmt fasternet::ReadAheadPass::visit(const For *loop) {
  Stmt body = mutate(loop->body);
  for (const ReadAhead &ahead : readAheads) {
    // Such as output.s0.c.vectors.tile.
    if (!starts_with(loop->name, ahead.function + ".s") || !isLoopOver(loop, ahead.loop))
      continue;
    const IterationCounter inside = iterationsOf(body, ahead.pace);
    if (!inside.isConstant || inside.iterations == 0)
      continue;
    const auto step = int64_t(llvm::divideCeil(ahead.elements, inside.iterations / ahead.planes));
    const Expr first = ahead.begin(Variable::make(Int(32), loop->name));
    body = PrefetchInserter(ahead, first, step).mutate(body);
  }
  return For::make(loop->name, loop->min, loop->extent, loop->for_type, loop->partition_policy,
                   loop->device_api, body);
}
