// A whole block in one launch, for stages of few channels and many pixels: the convolved channels and the
// hidden layer of a block's pixels never leave shared memory.
#include "tensorcore/KernelFunction.h"
#include "tensorcore/ProductKernel.h"

#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace fasternet;
using namespace fasternet::tensorcore;
using namespace mlir;

namespace {

/// `body` for the numbers below `count`, which the threads share.
void forEachOf(ProductEmitter &emitter, int64_t count, llvm::function_ref<void(Int)> body) {
  ImplicitLocOpBuilder &b = emitter.builder;
  for (int64_t first = 0; first < count; first += emitter.plan.threads()) {
    const Int number = emitter.thread + first;
    if (first + emitter.plan.threads() <= count) {
      body(number);
      continue;
    }
    auto branch = scf::IfOp::create(b, number < count, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    body(number);
  }
}

/// The last step of a product reads slices beyond its operand's. Weights are zero there, and zero times what
/// memory happens to hold might be no number.
void zeroPadding(ProductEmitter &emitter, const ProductPlan &reader) {
  ImplicitLocOpBuilder &b = emitter.builder;
  const int64_t slices = reader.product.slices(), pitch = residentPitch(reader.tile.m);
  const int64_t padding = reader.steps() * reader.stepSlices() - slices;
  const Value resident = emitter.buffers.at(reader.product.left[0].values.buffer);
  const auto type = VectorType::get({reader.slice()}, emitter.elementType());
  forEachOf(emitter, padding * pitch, [&](Int number) {
    const Value zeros = arith::ConstantOp::create(b, type, b.getZeroAttr(type));
    vector::StoreOp::create(b, zeros, resident, ((number + slices * pitch) * reader.slice()).index(),
                            /*nontemporal=*/false, llvm::Align(sliceBytes));
  });
}

/// Slices of channels that pass the convolution by go to the resident buffer as they are. The copies join the
/// first group of the convolution's pipeline.
void copyPassing(ProductEmitter &emitter, const ProductPlan &first) {
  ImplicitLocOpBuilder &b = emitter.builder;
  const ProductPlan &partial = emitter.plan;
  const int64_t slice = partial.slice(), convolved = partial.product.columns / slice;
  const int64_t passing = first.product.slices() - convolved;
  const Value resident = emitter.buffers.at(partial.product.result.buffer);
  forEachOf(emitter, passing * partial.tile.m, [&](Int number) {
    const Int row = number / passing, channelSlice = number % passing + convolved;
    const Int pixel = min(emitter.firstPixel + row, partial.product.pixels() - 1);
    const Int source = emitter.placeOf(pixel, partial.product.pass) + channelSlice * slice;
    const Int target = (channelSlice * residentPitch(partial.tile.m) + row) * slice;
    nvgpu::DeviceAsyncCopyOp::create(b, nvgpu::DeviceAsyncTokenType::get(b.getContext()), resident,
                                     target.index(), emitter.buffers.at(partial.product.pass.buffer),
                                     source.index(), b.getIndexAttr(slice), Value(), b.getUnitAttr());
  });
}

} // namespace

DeviceLaunch tensorcore::emitFusedKernel(gpu::GPUModuleOp module, StringRef name, ArrayRef<ProductPlan> plans,
                                         ArrayRef<Buffer> buffers) {
  const ProductPlan &partial = plans[0], &first = plans[1], &second = plans[2];
  int64_t left = 0, right = 0;
  std::set<int64_t> used;
  for (const ProductPlan &plan : plans) {
    left = std::max(left, plan.product.leftIsResident ? 0 : plan.stages * plan.leftStage());
    right = std::max(right, plan.stages * plan.rightStage());
    used.merge(globalBuffers(plan.product));
  }
  used.insert(partial.product.pass.buffer);
  const int64_t shared[] = {left, right, residentElements(first.product, first.tile),
                            residentElements(second.product, second.tile)};
  KernelFunction function(module, name, partial, used, buffers, shared);
  for (const ProductPlan &plan : plans) {
    ProductEmitter emitter = function.emitterFor(plan);
    emitter.buffers[partial.product.result.buffer] = function.shared(2);
    emitter.buffers[first.product.result.buffer] = function.shared(3);
    if (&plan == &partial) {
      zeroPadding(emitter, first);
      zeroPadding(emitter, second);
      copyPassing(emitter, first);
    } else {
      // The stages are free, and what the product before left in them is published.
      gpu::BarrierOp::create(function.builder);
    }
    emitProduct(emitter);
  }
  function.finish();
  function.launch.grid = {uint32_t(partial.pixelBlocks()), 1, 1};
  return function.launch;
}
