// The emulation would be worth little if a faulty kernel passed: each test spoils one thing in a good module
// and expects a refusal or a wrong answer.
#include "KernelRun.h"

#include "tensorcore/emulation/RunKernelModule.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <gtest/gtest.h>

using namespace fasternet;
using namespace mlir;

namespace {

constexpr const char *half = "block-n1-7x7-c24-p8-h48-relu-f16-w16";
constexpr const char *single = "block-n1-7x7-c24-p8-h48-relu-f32-wtf32";

/// What the spoiled kernel's run says: an error's text, "wrong", or "right".
template <typename Op>
std::string runSpoiled(const char *text, llvm::function_ref<void(Op)> spoil, const char *overrides = "") {
  const KernelSpec spec = llvm::cantFail(KernelSpec::parse(text));
  tensorcore::KernelModule kernel =
      llvm::cantFail(tensorcore::buildKernelModule(spec, *findTarget("cuda-sm80"), overrides));
  llvm::SmallVector<Op> ops;
  kernel.module->walk([&](Op op) { ops.push_back(op); });
  EXPECT_FALSE(ops.empty());
  for (Op op : ops)
    spoil(op);
  KernelData data = kernelData(spec);
  if (llvm::Error error = tensorcore::runKernelModule(kernel, spec, data.arguments))
    return llvm::toString(std::move(error));
  return relativeError(spec, data) < 2e-3 ? "right" : "wrong";
}

#define EXPECT_SAYS(text, expected) EXPECT_NE((text).find(expected), std::string::npos) << (text)

TEST(SpoiledKernel, IsRightUnspoiled) {
  EXPECT_EQ(runSpoiled<gpu::BarrierOp>(half, [](auto) {}), "right");
  EXPECT_EQ(runSpoiled<gpu::BarrierOp>(single, [](auto) {}), "right");
}

TEST(SpoiledKernel, MissingBarrier) {
  EXPECT_SAYS(runSpoiled<gpu::BarrierOp>(half, [](auto op) { op.erase(); }), "without a barrier");
}

TEST(SpoiledKernel, MissingBarriersOfAFusedBlock) {
  constexpr const char *fused = "launches=1";
  EXPECT_EQ(runSpoiled<gpu::BarrierOp>(half, [](auto) {}, fused), "right");
  EXPECT_SAYS(runSpoiled<gpu::BarrierOp>(half, [](auto op) { op.erase(); }, fused), "without a barrier");
}

TEST(SpoiledKernel, MissingWait) {
  EXPECT_SAYS(runSpoiled<nvgpu::DeviceAsyncWaitOp>(half, [](auto op) { op.erase(); }), "while it is copied");
}

TEST(SpoiledKernel, WaitForTooFewCopies) {
  EXPECT_SAYS(runSpoiled<nvgpu::DeviceAsyncWaitOp>(
                  half, [](auto op) { op.setNumGroups(std::optional<uint32_t>(*op.getNumGroups() + 1)); }),
              "while it is copied");
}

TEST(SpoiledKernel, WrongLane) {
  // Every lane takes the slice beside its own: another pixel's, or padding that nobody wrote.
  EXPECT_NE(runSpoiled<nvgpu::LdMatrixOp>(half,
                                          [](nvgpu::LdMatrixOp op) {
                                            ImplicitLocOpBuilder b(op.getLoc(), op);
                                            const Value flip = arith::ConstantIndexOp::create(b, 8);
                                            const Value index = op.getIndices()[0];
                                            const Value two = arith::ConstantIndexOp::create(b, 16);
                                            const Value odd = arith::RemUIOp::create(b, index, two);
                                            // index + 8 - 2 * (index % 16), index % 16 being 0 or 8.
                                            const Value other = arith::SubIOp::create(
                                                b, arith::AddIOp::create(b, index, flip),
                                                arith::AddIOp::create(b, odd, odd));
                                            op.getIndicesMutable().assign(other);
                                          }),
            "right");
}

TEST(SpoiledKernel, SwappedOperands) {
  EXPECT_EQ(runSpoiled<nvgpu::MmaSyncOp>(
                half,
                [](nvgpu::MmaSyncOp op) {
                  // The left fragment's second and third registers, in the other order.
                  ImplicitLocOpBuilder b(op.getLoc(), op);
                  const Value whole = op.getMatrixA();
                  const Value second = vector::ExtractOp::create(b, whole, int64_t(1));
                  const Value third = vector::ExtractOp::create(b, whole, int64_t(2));
                  const Value swapped = vector::InsertOp::create(
                      b, third, vector::InsertOp::create(b, second, whole, int64_t(2)), int64_t(1));
                  op.getMatrixAMutable().assign(swapped);
                }),
            "wrong");
}

TEST(SpoiledKernel, UnroundedOperand) {
  EXPECT_SAYS(runSpoiled<arith::BitcastOp>(single,
                                           [](arith::BitcastOp op) {
                                             auto rounding =
                                                 op.getIn().getDefiningOp<NVVM::ConvertFloatToTF32Op>();
                                             op.replaceAllUsesWith(rounding.getSrc());
                                             op.erase();
                                           }),
              "not rounded to tf32");
}

TEST(SpoiledKernel, AddressBeyondTheBuffer) {
  EXPECT_SAYS(runSpoiled<nvgpu::DeviceAsyncCopyOp>(
                  half,
                  [](nvgpu::DeviceAsyncCopyOp op) {
                    ImplicitLocOpBuilder b(op.getLoc(), op);
                    const Value far = arith::ConstantIndexOp::create(b, 1 << 20);
                    op.getSrcIndicesMutable().assign(arith::AddIOp::create(b, op.getSrcIndices()[0], far));
                  }),
              "which has");
}

} // namespace
