#include "codegen/Loops.h"

#include <algorithm>
#include <map>

using namespace Halide;
using namespace Halide::Internal;

namespace {

class LoopVisitor : public IRVisitor {
public:
  LoopVisitor(const std::string &function, double calls, fasternet::KernelListing &listing)
      : function(function), times(calls), listing(listing) {}

  std::map<std::string, double> called; ///< bodies of parallel loops, and how often they run

private:
  using IRVisitor::visit;

  void visit(const For *loop) override {
    const double outside = times;
    const Expr bound = find_constant_bound(loop->extent, Direction::Upper);
    const auto extent = bound.defined() ? as_const_int(bound) : as_const_int(simplify(loop->extent));
    times *= extent ? double(*extent) : 1;
    listing.loops.push_back({function, loop->name, times});
    loop->body.accept(this);
    times = outside;
  }

  void visit(const Call *call) override {
    if (call->name == "halide_do_par_for" && call->args.size() >= 4)
      if (auto extent = as_const_int(simplify(call->args[call->args.size() - 2])))
        for (const Expr &argument : call->args)
          if (const Variable *body = argument.as<Variable>()) // a function is named "::name"
            called[body->name.substr(body->name.rfind(':') + 1)] += times * double(*extent);
    IRVisitor::visit(call);
  }

  std::string function;
  double times;
  fasternet::KernelListing &listing;
};

} // namespace

void fasternet::countLoops(const Module &module, const std::string &symbol, KernelListing &listing) {
  std::map<std::string, double> calls = {{symbol, 1}};
  std::vector<LoweredFunc> waiting = module.functions();
  // Callers before what they call.
  auto nextReady = [&] {
    return std::find_if(waiting.begin(), waiting.end(),
                        [&](const LoweredFunc &function) { return calls.count(function.name) > 0; });
  };
  for (auto ready = nextReady(); ready != waiting.end(); ready = nextReady()) {
    listing.functions.push_back({ready->name, calls[ready->name]});
    LoopVisitor visitor(ready->name, calls[ready->name], listing);
    ready->body.accept(&visitor);
    for (const auto &[name, times] : visitor.called)
      calls[name] += times;
    waiting.erase(ready);
  }
}
