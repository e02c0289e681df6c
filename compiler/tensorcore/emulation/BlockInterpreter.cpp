// Control flow of a block. Threads that a condition leaves out are masked.
#include "tensorcore/emulation/BlockInterpreter.h"
#include "support/Diagnostics.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace fasternet;
using namespace fasternet::tensorcore;
using namespace mlir;

BlockInterpreter::BlockInterpreter(gpu::GPUFuncOp function, ArrayRef<GlobalMemory *> buffers, int64_t threads,
                                   std::array<int64_t, 3> block)
    : function(function), name(function.getName().str()), threads(threads), block(block),
      begun(size_t(threads)), groups(size_t(threads)) {
  for (auto [argument, buffer] : llvm::zip(function.getArguments(), buffers))
    memories[argument] = buffer;
  for (BlockArgument attribution : function.getWorkgroupAttributions()) {
    auto type = cast<MemRefType>(attribution.getType());
    shared.push_back(std::make_unique<SharedMemory>(
        "shared memory " + std::to_string(shared.size()),
        type.getElementType().isF16() ? ElementType::F16 : ElementType::F32, type.getNumElements()));
    memories[attribution] = shared.back().get();
  }
}

llvm::Error BlockInterpreter::run() {
  return runBlock(function.getBody().front(), Mask(size_t(threads), 1));
}

BlockInterpreter::Registers &BlockInterpreter::define(Value value) {
  Registers &registers = values[value];
  auto vector = dyn_cast<VectorType>(value.getType());
  registers.elements = vector ? vector.getNumElements() : 1;
  registers.slots.assign(size_t(threads * registers.elements), Slot{0});
  return registers;
}

/// `error` with the op at which it happened.
llvm::Error BlockInterpreter::fail(Operation *op, llvm::Error error) const {
  std::string text;
  llvm::raw_string_ostream os(text);
  op->print(os, OpPrintingFlags().skipRegions().useLocalScope());
  return inputError(name + ", block " + llvm::Twine(block[0]) + ", " + llvm::Twine(block[1]) + ": " +
                    llvm::toString(std::move(error)) + ", at " + text);
}

llvm::Error BlockInterpreter::runBlock(Block &body, const Mask &active) {
  for (Operation &op : body.without_terminator())
    if (llvm::Error error = runOp(&op, active))
      return error;
  return llvm::Error::success();
}

llvm::Error BlockInterpreter::runOp(Operation *op, const Mask &active) {
  if (runScalarOp(op))
    return llvm::Error::success();
  auto ran = [&](llvm::Error error) { return error ? fail(op, std::move(error)) : llvm::Error::success(); };
  return llvm::TypeSwitch<Operation *, llvm::Error>(op)
      .Case<scf::ForOp>([&](auto) { return runFor(op, active); })
      .Case<scf::IfOp>([&](auto) { return runIf(op, active); })
      .Case<memref::LoadOp, memref::StoreOp, vector::LoadOp, vector::StoreOp>(
          [&](auto) { return ran(runAccess(op, active)); })
      .Case<gpu::ThreadIdOp>([&](auto id) {
        Registers &registers = define(id);
        for (int64_t thread = 0; thread < threads; ++thread)
          registers.of(thread)->integer = id.getDimension() == gpu::Dimension::x ? thread : 0;
        return llvm::Error::success();
      })
      .Case<gpu::BlockIdOp>([&](auto id) {
        Registers &registers = define(id);
        for (int64_t thread = 0; thread < threads; ++thread)
          registers.of(thread)->integer = block[size_t(id.getDimension())];
        return llvm::Error::success();
      })
      .Case<gpu::BarrierOp>([&](auto) -> llvm::Error {
        if (llvm::is_contained(active, 0))
          return fail(op, inputError("not all threads of the block reach the barrier"));
        for (auto &memory : shared)
          memory->barrier();
        return llvm::Error::success();
      })
      .Case<nvgpu::DeviceAsyncCopyOp>([&](auto) { return ran(runAsyncCopy(op, active)); })
      .Case<nvgpu::DeviceAsyncCreateGroupOp>([&](auto) {
        commitCopies(active);
        return llvm::Error::success();
      })
      .Case<nvgpu::DeviceAsyncWaitOp>([&](auto wait) {
        awaitCopies(active, wait.getNumGroups().value_or(0));
        return llvm::Error::success();
      })
      .Case<nvgpu::LdMatrixOp>([&](auto) { return ran(runLdMatrix(op, active)); })
      .Case<nvgpu::MmaSyncOp>([&](auto) { return ran(runMma(op, active)); })
      .Default([&](Operation *) { return fail(op, inputError("an op that the emulation does not know")); });
}

void BlockInterpreter::assign(Value target, Value source, const Mask &active) {
  if (!values.count(source)) // copies' tokens
    return;
  const Registers from = use(source);
  Registers &to = values.count(target) ? use(target) : define(target);
  for (int64_t thread = 0; thread < threads; ++thread)
    if (active[size_t(thread)])
      std::copy_n(&from.slots[size_t(thread * from.elements)], from.elements, to.of(thread));
}

llvm::Error BlockInterpreter::runFor(Operation *op, const Mask &active) {
  auto loop = cast<scf::ForOp>(op);
  // Bounds are constants of the kernel, the same in every thread.
  const int64_t begin = use(loop.getLowerBound()).of(0)->integer,
                end = use(loop.getUpperBound()).of(0)->integer, step = use(loop.getStep()).of(0)->integer;
  for (auto [argument, initial] : llvm::zip(loop.getRegionIterArgs(), loop.getInitArgs()))
    define(argument), assign(argument, initial, active);
  auto yield = cast<scf::YieldOp>(loop.getBody()->getTerminator());
  for (int64_t i = begin; i < end; i += step) {
    Registers &induction = define(loop.getInductionVar());
    for (Slot &slot : induction.slots)
      slot.integer = i;
    if (llvm::Error error = runBlock(*loop.getBody(), active))
      return error;
    for (auto [argument, next] : llvm::zip(loop.getRegionIterArgs(), yield.getOperands()))
      assign(argument, next, active);
  }
  for (auto [result, argument] : llvm::zip(loop.getResults(), loop.getRegionIterArgs()))
    define(result), assign(result, argument, active);
  return llvm::Error::success();
}

llvm::Error BlockInterpreter::runIf(Operation *op, const Mask &active) {
  auto branch = cast<scf::IfOp>(op);
  for (Value result : branch.getResults())
    define(result);
  for (bool taken : {true, false}) {
    Block *body = taken ? branch.thenBlock() : branch.elseBlock();
    Mask mask = active;
    for (int64_t thread = 0; thread < threads; ++thread)
      mask[size_t(thread)] &= (use(branch.getCondition()).of(thread)->integer != 0) == taken;
    if (!body || !llvm::is_contained(mask, 1))
      continue;
    if (llvm::Error error = runBlock(*body, mask))
      return error;
    for (auto [result, value] : llvm::zip(branch.getResults(), body->getTerminator()->getOperands()))
      assign(result, value, mask);
  }
  return llvm::Error::success();
}
