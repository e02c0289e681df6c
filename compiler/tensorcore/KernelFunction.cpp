#include "tensorcore/KernelFunction.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace fasternet;
using namespace fasternet::tensorcore;
using namespace mlir;

std::set<int64_t> tensorcore::globalBuffers(const Product &product) {
  std::set<int64_t> used = {product.weights};
  if (!product.resultIsResident)
    used.insert(product.result.buffer);
  if (!product.leftIsResident)
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

static Type elementType(Builder &builder, ElementType type) {
  return type == ElementType::F16 ? Type(builder.getF16Type()) : Type(builder.getF32Type());
}

KernelFunction::KernelFunction(gpu::GPUModuleOp module, StringRef name, const ProductPlan &plan,
                               const std::set<int64_t> &used, ArrayRef<Buffer> buffers,
                               ArrayRef<int64_t> shared)
    : builder(module.getLoc(), module.getContext()) {
  builder.setInsertionPointToEnd(module.getBody());
  launch.function = name.str();
  launch.threads = {uint32_t(plan.threads()), 1, 1};
  SmallVector<Type> types, sharedTypes;
  for (int64_t buffer : used) {
    launch.arguments.push_back({.buffer = int32_t(buffer)});
    types.push_back(MemRefType::get({buffers[buffer].elements}, elementType(builder, buffers[buffer].type)));
  }
  const auto space = gpu::AddressSpaceAttr::get(builder.getContext(), gpu::AddressSpace::Workgroup);
  for (int64_t elements : shared)
    sharedTypes.push_back(MemRefType::get({elements}, elementType(builder, plan.product.type),
                                          MemRefLayoutAttrInterface(), space));
  function = gpu::GPUFuncOp::create(builder, name, builder.getFunctionType(types, {}), sharedTypes);
  function->setAttr(gpu::GPUDialect::getKernelFuncAttrName(), builder.getUnitAttr());
  function.setKnownBlockSizeAttr(builder.getDenseI32ArrayAttr({int32_t(plan.threads()), 1, 1}));
  // The eight slices of a matrix start at a multiple of 128 bytes: no bank conflicts.
  for (size_t i = 0; i < shared.size(); ++i)
    function.setWorkgroupAttributionAttr(i, LLVM::LLVMDialect::getAlignAttrName(),
                                         builder.getI64IntegerAttr(128));
  builder.setInsertionPointToStart(&function.getBody().front());
}

ProductEmitter KernelFunction::emitterFor(const ProductPlan &plan) {
  ImplicitLocOpBuilder &b = builder;
  const Int thread = Int::fromIndex(b, gpu::ThreadIdOp::create(b, gpu::Dimension::x)), warp = thread / 32;
  ProductEmitter emitter{b,
                         plan,
                         {},
                         shared(0),
                         shared(1),
                         thread,
                         thread % 32,
                         warp / plan.grid.columns,
                         warp % plan.grid.columns,
                         Int::fromIndex(b, gpu::BlockIdOp::create(b, gpu::Dimension::x)) * plan.tile.m,
                         Int::fromIndex(b, gpu::BlockIdOp::create(b, gpu::Dimension::y)) * plan.tile.n};
  for (auto [argument, value] :
       llvm::zip_equal(launch.arguments, function.getArguments().take_front(launch.arguments.size())))
    emitter.buffers[argument.buffer] = value;
  return emitter;
}
