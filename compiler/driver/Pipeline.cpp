#include "driver/Pipeline.h"
#include "codegen/Codegen.h"
#include "dialect/FasternetOps.h"
#include "driver/DeviceKernels.h"
#include "driver/Progress.h"
#include "frontend/Importer.h"
#include "support/Diagnostics.h"
#include "support/Parallel.h"
#include "transforms/KernelAttributes.h"
#include "transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"

#include "llvm/ADT/StringExtras.h"

using namespace fasternet;

Pipeline::Pipeline(ModelInput input) : model(std::move(input.description)) {
  context = std::make_unique<mlir::MLIRContext>(mlir::MLIRContext::Threading::DISABLED);
  context->loadDialect<ir::FasternetDialect, mlir::func::FuncDialect, mlir::LLVM::LLVMDialect>();
  root = importModel(*context, model, input.weights);
}

llvm::Error Pipeline::run(llvm::StringRef what, llvm::function_ref<void(mlir::OpPassManager &)> build) {
  // A pass that fails explains itself through diagnostics; they become the error of the step.
  std::string messages;
  mlir::ScopedDiagnosticHandler handler(context.get(), [&](mlir::Diagnostic &diagnostic) {
    messages += "\n  " + diagnostic.str();
    return mlir::success();
  });
  mlir::PassManager passes(context.get());
  build(passes);
  if (mlir::failed(passes.run(*root)))
    return inputError(what + " failed:" + messages);
  return llvm::Error::success();
}

llvm::Error Pipeline::fuse(ElementType precision) {
  elements = precision;
  auto build = [&](mlir::OpPassManager &passes) { buildFusePipeline(passes, precision); };
  if (llvm::Error error = run("fusing the model", build))
    return error;
  llvm::StringMap<int64_t> counts;
  root->walk([&](ir::CallOp call) { ++counts[call.getKernel()]; });
  for (auto kernel : root->getOps<ir::KernelOp>()) {
    auto spec = KernelSpec::parse(kernel.getSpec());
    if (!spec)
      return spec.takeError();
    uses.push_back({*spec, counts[kernel.getSymName()], {}});
  }
  root->walk([&](ir::CallOp call) {
    auto kernel = mlir::SymbolTable::lookupNearestSymbolFrom<ir::KernelOp>(call, call.getKernelAttr());
    calls.push_back(kernel.getSpec().str());
  });
  return llvm::Error::success();
}

/// A linker symbol that no other model, target or kernel has.
static std::string kernelSymbol(llvm::StringRef model, llvm::StringRef target, const KernelSpec &spec) {
  std::string symbol = (model + "_" + target + "_" + spec.text()).str();
  llvm::replace(symbol, '-', '_');
  return symbol;
}

template <typename Kernel, typename Compile>
llvm::Error Pipeline::generate(std::vector<Kernel> KernelUse::*variants, const Records &records, bool quiet,
                               Compile &&compile) {
  struct Job {
    KernelUse *use;
    const Target *target;
    Records::Choice schedule;
    std::optional<llvm::Expected<Kernel>> result;
  };
  std::vector<Job> jobs;
  Diagnostics diagnostics;
  for (KernelUse &use : uses)
    for (const Target *target : chosen)
      jobs.push_back({&use, target, chooseSchedule(records, use.spec, *target, diagnostics), std::nullopt});
  diagnostics.print(llvm::errs());

  {
    Progress progress("compiling kernels", jobs.size(), quiet);
    inParallel(hardwareThreads(), jobs.size(), [&](size_t i) {
      Job &job = jobs[i];
      job.result.emplace(compile(job.use->spec, *job.target, job.schedule));
      progress.done(job.use->spec.text() + " for " + job.target->name + ", schedule: " + job.schedule.origin);
    });
  }

  llvm::Error errors = llvm::Error::success();
  for (Job &job : jobs) {
    if (*job.result)
      (job.use->*variants).push_back(std::move(**job.result));
    else
      errors = llvm::joinErrors(std::move(errors), job.result->takeError());
  }
  return errors;
}

/// Machine code for the device variants, where ptxas is there.
llvm::Error Pipeline::assemble() {
  std::vector<DeviceKernel *> kernels;
  for (KernelUse &use : uses)
    for (DeviceKernel &kernel : use.deviceVariants)
      kernels.push_back(&kernel);
  Diagnostics diagnostics;
  auto code = assembleKernels(std::vector<const DeviceKernel *>(kernels.begin(), kernels.end()), diagnostics);
  diagnostics.print(llvm::errs());
  if (!code)
    return code.takeError();
  machineCode = std::move(*code);
  for (auto [kernel, assembled] : llvm::zip_equal(kernels, machineCode))
    if (assembled.cubin)
      kernel->cubin = assembled.cubin->bytes;
  return llvm::Error::success();
}

template <typename Kernel> llvm::Error Pipeline::attach(std::vector<Kernel> KernelUse::*variants) {
  for (auto [kernel, use] : llvm::zip(root->getOps<ir::KernelOp>(), uses))
    if (llvm::Error error = attachCompiled(kernel, use.*variants))
      return error;
  return llvm::Error::success();
}

llvm::Error Pipeline::generateKernels(llvm::ArrayRef<const Target *> targets, const Records &records,
                                      bool quiet) {
  chosen.assign(targets.begin(), targets.end());
  if (isOnDevice()) {
    auto compile = [&](const KernelSpec &spec, const Target &target, const Records::Choice &schedule) {
      auto kernel = compileForDevice(spec, target, schedule);
      if (kernel)
        kernel->symbol = kernelSymbol(model.name, target.name, spec);
      return kernel;
    };
    if (llvm::Error error = generate(&KernelUse::deviceVariants, records, quiet, compile))
      return error;
    if (llvm::Error error = assemble())
      return error;
    return attach(&KernelUse::deviceVariants);
  }
  auto compile = [&](const KernelSpec &spec, const Target &target, const Records::Choice &schedule) {
    return compileKernel(spec, target, kernelSymbol(model.name, target.name, spec), schedule.parameters,
                         schedule.origin);
  };
  if (llvm::Error error = generate(&KernelUse::variants, records, quiet, compile))
    return error;
  return attach(&KernelUse::variants);
}

llvm::Error Pipeline::plan(llvm::StringRef blobPath) {
  return run("planning memory and packing weights", [&](mlir::OpPassManager &passes) {
    PackWeightsOptions pack;
    pack.output = blobPath.str();
    // On a GPU each clearing would be a launch.
    passes.addPass(createPlanMemory({.clearBorders = !isOnDevice()}));
    passes.addPass(createPackWeights(pack));
  });
}

llvm::Error Pipeline::prepare(llvm::ArrayRef<const Target *> targets, const RecordSources &sources,
                              ElementType precision, llvm::StringRef blobPath, bool quiet) {
  if (llvm::Error error = fuse(precision))
    return error;
  auto records = loadRecords(sources);
  if (!records)
    return records.takeError();
  if (llvm::Error error = generateKernels(targets, *records, quiet))
    return error;
  return plan(blobPath);
}

llvm::Error Pipeline::lower() {
  return run("lowering the entry", [&](mlir::OpPassManager &passes) {
    passes.addPass(isOnDevice() ? createLowerDeviceEntry() : createLowerEntry());
  });
}
