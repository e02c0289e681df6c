// A model on its way from published layers to the object that describes it, one step after the other.
#pragma once

#include "driver/DeviceCode.h"
#include "driver/Model.h"
#include "driver/RecordSources.h"
#include "support/CompiledKernel.h"
#include "support/DeviceKernel.h"
#include "targets/Targets.h"
#include "tune/Records.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"

#include <memory>

namespace fasternet {

class Pipeline {
public:
  /// Builds the imported IR. The weights' memory belongs to the module from here on.
  explicit Pipeline(ModelInput input);

  /// Folds norms and scales, fuses, gives tensors their borders, outlines the distinct kernels of
  /// `precision`, f32 or f16.
  llvm::Error fuse(ElementType precision);
  /// Compiles every distinct kernel for every target (best first), with the best schedule that `records`
  /// have, and attaches the results.
  llvm::Error generateKernels(llvm::ArrayRef<const Target *> targets, const Records &records, bool quiet);
  /// Plans the arena and packs the weights, into the file `blobPath` unless that is empty.
  llvm::Error plan(llvm::StringRef blobPath);
  /// All of the above, in order: what `generateKernels` and `plan` say.
  llvm::Error prepare(llvm::ArrayRef<const Target *> targets, const RecordSources &sources,
                      ElementType precision, llvm::StringRef blobPath, bool quiet);
  /// Lowers the entry, the tables and the public functions to the LLVM dialect.
  llvm::Error lower();

  mlir::ModuleOp module() { return *root; }
  const ModelDescription &description() const { return model; }
  llvm::ArrayRef<const Target *> targets() const { return chosen; }
  /// Whether those are GPUs.
  bool isOnDevice() const { return chosen.front()->family == TargetFamily::Cuda; }
  /// As given to fuse().
  ElementType precision() const { return elements; }

  /// One distinct kernel: its calls per run, and its compiled forms in the order of the targets.
  struct KernelUse {
    KernelSpec spec;
    int64_t count = 0;
    std::vector<CompiledKernel> variants;
    std::vector<DeviceKernel> deviceVariants; ///< in their place on GPUs
  };
  /// In order of first use; available after fuse(), with variants after generateKernels().
  llvm::ArrayRef<KernelUse> kernels() const { return uses; }
  /// Machine code of the device variants, those of the first kernel first; after generateKernels() for GPUs.
  llvm::ArrayRef<DeviceCode> deviceCode() const { return machineCode; }
  /// The kernel's text of every call of a run, in order; available after fuse().
  std::vector<std::string> steps() const { return calls; }

private:
  /// `compile(spec, target, schedule)` for every kernel and target, results to the use's member `variants`.
  template <typename Kernel, typename Compile>
  llvm::Error generate(std::vector<Kernel> KernelUse::*variants, const Records &records, bool quiet,
                       Compile &&compile);
  llvm::Error assemble();
  template <typename Kernel> llvm::Error attach(std::vector<Kernel> KernelUse::*variants);
  llvm::Error run(llvm::StringRef what, llvm::function_ref<void(mlir::OpPassManager &)> build);

  ModelDescription model;
  std::unique_ptr<mlir::MLIRContext> context;
  mlir::OwningOpRef<mlir::ModuleOp> root;
  std::vector<const Target *> chosen;
  ElementType elements = ElementType::F32;
  std::vector<KernelUse> uses;
  std::vector<DeviceCode> machineCode;
  std::vector<std::string> calls;
};

} // namespace fasternet
