#include "codegen/Scratch.h"

#include <algorithm>
#include <stdexcept>

using namespace Halide;
using namespace Halide::Internal;

namespace {

/// FNET_ALIGNMENT of runtime/include/fasternet/abi.h, to which the runtime rounds each block.
constexpr int64_t blockAlignment = 128;
/// Halide asks for up to three elements beyond the extents.
constexpr int64_t paddingElements = 4;
/// What is scheduled for the stack and larger than this, Halide takes from the heap after all.
constexpr int64_t mostStackBytes = 16 * 1024;

class NeedsVisitor : public IRVisitor {
public:
  int64_t heapBytes = 0, tasks = 1;

private:
  using IRVisitor::visit;

  void visit(const Allocate *allocation) override {
    if (allocation->memory_type != MemoryType::Register) {
      int64_t elements = 1;
      for (const Expr &extent : allocation->extents) {
        auto constant = as_const_int(simplify(extent));
        if (!constant)
          throw std::runtime_error("buffer " + allocation->name + " has no constant size");
        elements *= *constant;
      }
      const int64_t bytes = (elements + allocation->padding + paddingElements) * allocation->type.bytes();
      if (allocation->memory_type != MemoryType::Stack || bytes > mostStackBytes)
        heapBytes += (bytes + blockAlignment - 1) / blockAlignment * blockAlignment;
    }
    IRVisitor::visit(allocation);
  }

  void visit(const Call *call) override {
    // halide_do_par_for(task, min, extent, closure), behind the user context where that is explicit.
    if (call->name == "halide_do_par_for" && call->args.size() >= 4)
      if (auto extent = as_const_int(simplify(call->args[call->args.size() - 2])))
        tasks = std::max(tasks, int64_t(*extent));
    IRVisitor::visit(call);
  }
};

} // namespace

fasternet::LoweredNeeds fasternet::measureNeeds(const Module &module, const std::string &symbol) {
  LoweredNeeds needs;
  for (const LoweredFunc &function : module.functions()) {
    NeedsVisitor visitor;
    function.body.accept(&visitor);
    int64_t &bytes = function.name == symbol ? needs.callerScratchBytes : needs.workerScratchBytes;
    bytes = std::max(bytes, visitor.heapBytes);
    needs.tasks = std::max(needs.tasks, visitor.tasks);
  }
  return needs;
}
