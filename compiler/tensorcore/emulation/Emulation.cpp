#include "tensorcore/emulation/Emulation.h"
#include "support/Diagnostics.h"
#include "tensorcore/TensorCore.h"
#include "tensorcore/emulation/BlockInterpreter.h"
#include "tensorcore/emulation/RunKernelModule.h"

#include "mlir/IR/SymbolTable.h"

using namespace fasternet;
using namespace fasternet::tensorcore;
using namespace mlir;

static llvm::Error runLaunch(gpu::GPUFuncOp function, const DeviceLaunch &launch,
                             std::vector<GlobalMemory> &memories) {
  std::vector<GlobalMemory *> buffers;
  for (const LaunchArgument &argument : launch.arguments)
    buffers.push_back(&memories[size_t(argument.buffer)]);
  for (GlobalMemory *buffer : buffers)
    buffer->beginLaunch();
  for (int64_t y = 0; y < launch.grid[1]; ++y)
    for (int64_t x = 0; x < launch.grid[0]; ++x)
      if (llvm::Error error = BlockInterpreter(function, buffers, launch.threads[0], {x, y, 0}).run())
        return error;
  return llvm::Error::success();
}

llvm::Error tensorcore::runKernelModule(const KernelModule &kernel, const KernelSpec &spec,
                                        llvm::MutableArrayRef<std::vector<uint8_t>> arguments) {
  const std::vector<KernelArgument> described = tensorCoreArguments(spec);
  if (arguments.size() != described.size())
    return inputError("kernel " + spec.text() + ": " + llvm::Twine(arguments.size()) +
                      " arguments, expected " + llvm::Twine(described.size()));

  std::vector<std::vector<uint8_t>> intermediates;
  intermediates.reserve(kernel.buffers.size());
  std::vector<GlobalMemory> memories;
  for (size_t i = 0; i < kernel.buffers.size(); ++i) {
    const Buffer &buffer = kernel.buffers[i];
    const bool argument = i < described.size();
    if (argument && int64_t(arguments[i].size()) != buffer.bytes())
      return inputError("kernel " + spec.text() + ": argument " + llvm::Twine(i) + " has " +
                        llvm::Twine(arguments[i].size()) + " bytes, expected " + llvm::Twine(buffer.bytes()));
    if (!argument)
      intermediates.emplace_back(size_t(buffer.bytes()));
    using Use = GlobalMemory::Use;
    const Use use = !argument                                           ? Use::Intermediate
                    : described[i].role == KernelArgument::Role::Output ? Use::WriteOnly
                                                                        : Use::ReadOnly;
    memories.emplace_back("buffer " + std::to_string(i), buffer.type, use,
                          argument ? arguments[i] : intermediates.back());
  }
  auto device = *ModuleOp(*kernel.module).getOps<gpu::GPUModuleOp>().begin();
  for (const DeviceLaunch &launch : kernel.launches)
    if (llvm::Error error = runLaunch(device.lookupSymbol<gpu::GPUFuncOp>(launch.function), launch, memories))
      return error;
  return llvm::Error::success();
}

llvm::Error fasternet::emulateTensorCoreKernel(const KernelSpec &spec, const Target &target,
                                               llvm::StringRef overrides,
                                               llvm::MutableArrayRef<std::vector<uint8_t>> arguments) {
  llvm::Expected<KernelModule> kernel = buildKernelModule(spec, target, overrides);
  return kernel ? runKernelModule(*kernel, spec, arguments) : kernel.takeError();
}
