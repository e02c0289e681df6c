// The pipeline of one product: while a step of the reduction is multiplied, later ones are on their way to
// shared memory. One barrier per step: it publishes the step that is multiplied next, and frees the stage
// read before it.
#include "tensorcore/ProductKernel.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

#include <set>

using namespace fasternet;
using namespace fasternet::tensorcore;
using namespace mlir;

FloatType ProductEmitter::elementType() const {
  return plan.product.type == ElementType::F16 ? FloatType(builder.getF16Type())
                                               : FloatType(builder.getF32Type());
}

Int ProductEmitter::placeOf(Int pixel, const PixelBuffer &values) {
  const Product &product = plan.product;
  const Int row = pixel / product.width, column = pixel % product.width;
  Int place = row % product.height * values.strides.row + column * values.strides.pixel + values.offset;
  return product.batch == 1 ? place : place + row / product.height * values.strides.image;
}

namespace {

std::set<int64_t> usedBuffers(const Product &product) {
  std::set<int64_t> used = {product.weights, product.result.buffer};
  for (const Segment &segment : product.left)
    used.insert(segment.values.buffer);
  if (product.bias >= 0)
    used.insert(product.bias);
  if (product.hasResidual)
    used.insert(product.residual.buffer);
  if (product.passEnd > product.outputs)
    used.insert(product.pass.buffer);
  return used;
}

Value emitCopyGroup(ImplicitLocOpBuilder &b) {
  return nvgpu::DeviceAsyncCreateGroupOp::create(b, nvgpu::DeviceAsyncTokenType::get(b.getContext()),
                                                 ValueRange());
}

using Sums = SmallVector<Value>;
/// From the sums before a step to those after it.
using Step = llvm::function_ref<Sums(Int step, ValueRange sums)>;

/// A loop over the steps of the reduction; short ones are written out, which makes stages constants.
Sums emitSteps(ProductEmitter &emitter, Sums sums, Step emitStep) {
  constexpr int64_t writtenOut = 4;
  ImplicitLocOpBuilder &b = emitter.builder;
  const int64_t steps = emitter.plan.steps();
  if (steps <= writtenOut) {
    for (int64_t step = 0; step < steps; ++step)
      sums = emitStep(emitter.constant(step), sums);
    return sums;
  }
  auto loop = scf::ForOp::create(b, emitter.constant(0).value(), emitter.constant(steps).value(),
                                 emitter.constant(1).value(), sums);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  scf::YieldOp::create(b, emitStep(Int(b, loop.getInductionVar()), loop.getRegionIterArgs()));
  return Sums(loop.getResults());
}

/// Each step is multiplied `stages - 1` steps after its copies began.
Sums emitAsyncPipeline(ProductEmitter &emitter, StepCopy &copy, Sums zeros) {
  ImplicitLocOpBuilder &b = emitter.builder;
  const int64_t stages = emitter.plan.stages, steps = emitter.plan.steps();
  Value group;
  for (int64_t step = 0; step < stages - 1; ++step) {
    if (step < steps)
      copy.fetch(emitter.constant(step), emitter.constant(step));
    group = emitCopyGroup(b);
  }
  return emitSteps(emitter, zeros, [&](Int step, ValueRange sums) {
    nvgpu::DeviceAsyncWaitOp::create(b, group, b.getI32IntegerAttr(int32_t(stages - 2)));
    gpu::BarrierOp::create(b);
    const Int next = step + (stages - 1);
    auto more = scf::IfOp::create(b, next < steps, /*withElseRegion=*/false);
    {
      OpBuilder::InsertionGuard inner(b);
      b.setInsertionPointToStart(more.thenBlock());
      copy.fetch(next, next % stages);
    }
    // An empty group where nothing is copied keeps the count of groups the same in every step.
    emitCopyGroup(b);
    return multiplyStep(emitter, step % stages, sums);
  });
}

/// Two stages: the next step's values are loaded before this step's products and stored after them.
Sums emitRegisterPipeline(ProductEmitter &emitter, StepCopy &copy, Sums zeros) {
  ImplicitLocOpBuilder &b = emitter.builder;
  const int64_t steps = emitter.plan.steps();
  copy.store(copy.fetch(emitter.constant(0), emitter.constant(0)), emitter.constant(0));
  return emitSteps(emitter, zeros, [&](Int step, ValueRange before) {
    gpu::BarrierOp::create(b);
    // The last step loads itself again, into the stage that nobody reads any more.
    const SmallVector<Value> next = copy.fetch(min(step + 1, steps - 1), step);
    Sums after = multiplyStep(emitter, step % 2, before);
    copy.store(next, (step + 1) % 2);
    return after;
  });
}

void emitBody(ProductEmitter &emitter) {
  ImplicitLocOpBuilder &b = emitter.builder;
  const auto type = VectorType::get({2, 2}, b.getF32Type());
  const Value zero = arith::ConstantOp::create(b, type, b.getZeroAttr(type));
  const Sums zeros(emitter.plan.rowTiles() * emitter.plan.columnTiles(), zero);
  StepCopy copy(emitter);
  storeResult(emitter, emitter.plan.async ? emitAsyncPipeline(emitter, copy, zeros)
                                          : emitRegisterPipeline(emitter, copy, zeros));
  gpu::ReturnOp::create(b);
}

MemRefType memoryOf(ImplicitLocOpBuilder &b, int64_t elements, ElementType type, bool shared) {
  const Type element = type == ElementType::F16 ? Type(b.getF16Type()) : Type(b.getF32Type());
  const auto space = gpu::AddressSpaceAttr::get(b.getContext(), gpu::AddressSpace::Workgroup);
  return shared ? MemRefType::get({elements}, element, MemRefLayoutAttrInterface(), space)
                : MemRefType::get({elements}, element);
}

} // namespace

DeviceLaunch tensorcore::emitProductKernel(gpu::GPUModuleOp module, StringRef name, const ProductPlan &plan,
                                           ArrayRef<Buffer> buffers) {
  ImplicitLocOpBuilder b(module.getLoc(), module.getContext());
  b.setInsertionPointToEnd(module.getBody());
  DeviceLaunch launch{name.str(),
                      {uint32_t(plan.pixelBlocks()), uint32_t(plan.outputBlocks()), 1},
                      {uint32_t(plan.threads()), 1, 1},
                      0,
                      {}};
  SmallVector<Type> types;
  for (int64_t buffer : usedBuffers(plan.product)) {
    launch.arguments.push_back({.buffer = int32_t(buffer)});
    types.push_back(memoryOf(b, buffers[buffer].elements, buffers[buffer].type, /*shared=*/false));
  }
  const Type shared[] = {memoryOf(b, plan.stages * plan.leftStage(), plan.product.type, true),
                         memoryOf(b, plan.stages * plan.rightStage(), plan.product.type, true)};
  auto function = gpu::GPUFuncOp::create(b, name, b.getFunctionType(types, {}), shared);
  function->setAttr(gpu::GPUDialect::getKernelFuncAttrName(), b.getUnitAttr());
  function.setKnownBlockSizeAttr(b.getDenseI32ArrayAttr({int32_t(plan.threads()), 1, 1}));
  // The eight slices of a matrix start at a multiple of 128 bytes: no bank conflicts.
  for (int i : {0, 1})
    function.setWorkgroupAttributionAttr(i, LLVM::LLVMDialect::getAlignAttrName(), b.getI64IntegerAttr(128));

  b.setInsertionPointToStart(&function.getBody().front());
  const Int thread = Int::fromIndex(b, gpu::ThreadIdOp::create(b, gpu::Dimension::x)), warp = thread / 32;
  ProductEmitter emitter{b,
                         plan,
                         {},
                         function.getWorkgroupAttributions()[0],
                         function.getWorkgroupAttributions()[1],
                         thread,
                         thread % 32,
                         warp / plan.grid.columns,
                         warp % plan.grid.columns,
                         Int::fromIndex(b, gpu::BlockIdOp::create(b, gpu::Dimension::x)) * plan.tile.m,
                         Int::fromIndex(b, gpu::BlockIdOp::create(b, gpu::Dimension::y)) * plan.tile.n};
  for (auto [argument, value] :
       llvm::zip_equal(launch.arguments, function.getArguments().take_front(types.size())))
    emitter.buffers[argument.buffer] = value;
  emitBody(emitter);
  return launch;
}
