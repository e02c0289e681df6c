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
          .shortSteps = target.computeCapability() < 80};
}

llvm::Expected<KernelModule> tensorcore::buildKernelModule(const KernelSpec &spec, const Target &target,
                                                           llvm::StringRef overrides) {
  if (llvm::Error error = checkTensorCoreKernel(spec, target))
    return error;
  const ProductList list = productsOf(spec);
  Parameters parameters = defaultParameters(list, target);
  if (llvm::Error error = readParameters(overrides, parameters))
    return error;
  if (llvm::Error error = checkParameters(list, parameters, target))
    return error;

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
  for (const Product &product : list.products)
    result.launches.push_back(emitProductKernel(device, prefix + "_" + product.name,
                                                planOf(product, parameters, target), list.buffers));
  if (failed(verify(*result.module)))
    return inputError("kernel " + spec.text() + ": the module for tensor cores is not valid");
  return result;
}
