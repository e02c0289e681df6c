#include "tensorcore/KernelModule.h"
#include "support/Diagnostics.h"
#include "tensorcore/ProductKernel.h"
#include "tensorcore/TensorCore.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Verifier.h"

using namespace fasternet;
using namespace fasternet::tensorcore;
using namespace mlir;

static ProductPlan planOf(const Product &product, const Parameters &parameters, const Target &target) {
  const ProductTile &tile = parameters.tiles.at(product.name);
  return {.product = product,
          .tile = tile,
          .grid = *warpGrid(tile, parameters.warps),
          .stages = stagesOf(product, parameters, target),
          .async = copiesAsync(product, target),
          .shortSteps = target.computeCapability() < 80,
          .sweep = parameters.launches == 1 ? divideUp(product.columns, tile.n) : 1};
}

llvm::Expected<KernelModule> tensorcore::buildKernelModule(const KernelSpec &spec, const Target &target,
                                                           llvm::StringRef overrides) {
  llvm::Expected<ChosenProducts> chosen = chooseProducts(spec, target, overrides);
  if (!chosen)
    return chosen.takeError();
  const auto &[list, parameters] = *chosen;

  KernelModule result;
  result.buffers = list.buffers, result.arguments = list.arguments;
  result.parameters = parametersText(list, parameters);
  result.context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
  result.context
      ->loadDialect<arith::ArithDialect, gpu::GPUDialect, LLVM::LLVMDialect, memref::MemRefDialect,
                    nvgpu::NVGPUDialect, NVVM::NVVMDialect, scf::SCFDialect, vector::VectorDialect>();
  const Location place = UnknownLoc::get(result.context.get());
  result.module = ModuleOp::create(place);
  OpBuilder builder(result.module->getBodyRegion());
  auto device = gpu::GPUModuleOp::create(builder, place, "kernels");

  std::string prefix = spec.text();
  llvm::replace(prefix, '-', '_');
  std::vector<ProductPlan> plans;
  for (const Product &product : list.products)
    plans.push_back(planOf(product, parameters, target));
  if (list.fused)
    result.launches = {emitFusedKernel(device, prefix, plans, list.buffers)};
  else
    for (const ProductPlan &plan : plans)
      result.launches.push_back(
          emitProductKernel(device, prefix + "_" + plan.product.name, plan, list.buffers));
  if (failed(verify(*result.module)))
    return inputError("kernel " + spec.text() + ": the module for tensor cores is not valid");
  return result;
}
