#include "tensorcore/ProductKernel.h"
#include "tensorcore/KernelFunction.h"

using namespace fasternet;
using namespace fasternet::tensorcore;
using namespace mlir;

DeviceLaunch tensorcore::emitProductKernel(gpu::GPUModuleOp module, StringRef name, const ProductPlan &plan,
                                           ArrayRef<Buffer> buffers) {
  const int64_t shared[] = {plan.stages * plan.leftStage(), plan.stages * plan.rightStage()};
  KernelFunction function(module, name, plan, globalBuffers(plan.product), buffers, shared);
  ProductEmitter emitter = function.emitterFor(plan);
  emitProduct(emitter);
  function.finish();
  function.launch.grid = {uint32_t(plan.pixelBlocks()), uint32_t(plan.outputTiles()), 1};
  return function.launch;
}
