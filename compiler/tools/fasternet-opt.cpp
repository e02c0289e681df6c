// Runs any pass of the compiler on IR in text form; the tests of the dialect and of the passes use it.
#include "dialect/FasternetDialect.h"
#include "transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<fasternet::ir::FasternetDialect, mlir::func::FuncDialect, mlir::LLVM::LLVMDialect>();
  fasternet::registerFasternetPasses();
  mlir::registerCanonicalizerPass();
  mlir::PassPipelineRegistration<>("fuse", "from imported layers to fused ops",
                                   fasternet::buildFoldAndFusePipeline);
  mlir::PassPipelineRegistration<>("fuse-and-outline", "from imported layers to calls of kernels",
                                   [](mlir::OpPassManager &passes) { fasternet::buildFusePipeline(passes); });
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "fasternetc's passes\n", registry));
}
