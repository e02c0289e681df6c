#include "driver/DeviceCode.h"
#include "device/DeviceTools.h"
#include "support/Parallel.h"
#include "targets/Targets.h"

#include "llvm/ADT/STLExtras.h"

using namespace fasternet;

static llvm::Expected<Cubin> assemble(const DeviceKernel &kernel) {
  const std::string place = kernel.spec.text() + " for " + kernel.target + ": ";
  const Target *target = findTarget(kernel.target);
  if (!target || target->computeCapability() == 0)
    return inputError(place + "not a target with a compute capability");
  auto cubin = assemblePtx(kernel.ptx, target->computeCapability());
  if (!cubin)
    return inputError(place + llvm::toString(cubin.takeError()));
  for (const DeviceLaunch &launch : kernel.launches) {
    if (const ResourceUsage *usage = cubin->find(launch.function); usage && usage->entry)
      continue;
    std::string message = place + "launches '" + launch.function + "', but the entries of its PTX are:";
    for (const ResourceUsage &usage : cubin->functions)
      message += usage.entry ? " " + usage.function : "";
    return inputError(message);
  }
  return cubin;
}

/// The first error of many pieces of work, all of which are run.
static llvm::Error forEach(size_t count, llvm::function_ref<llvm::Error(size_t)> work) {
  std::vector<std::string> messages(count);
  inParallel(hardwareThreads(), count, [&](size_t i) { messages[i] = llvm::toString(work(i)); });
  for (const std::string &message : messages)
    if (!message.empty())
      return inputError(message);
  return llvm::Error::success();
}

llvm::Expected<std::vector<DeviceCode>>
fasternet::assembleKernels(llvm::ArrayRef<const DeviceKernel *> kernels, Diagnostics &diagnostics) {
  std::vector<DeviceCode> code(kernels.size());
  for (size_t i = 0; i < kernels.size(); ++i)
    code[i].kernel = kernels[i];
  if (!findDeviceTool("ptxas")) {
    diagnostics.warning("", missingDeviceTool("ptxas") +
                                ": there is PTX alone, which the driver compiles where it is loaded");
    return code;
  }
  llvm::Error error = forEach(kernels.size(), [&](size_t i) -> llvm::Error {
    auto cubin = assemble(*kernels[i]);
    if (!cubin)
      return cubin.takeError();
    code[i].cubin = std::move(*cubin);
    return llvm::Error::success();
  });
  if (error)
    return error;
  return code;
}

llvm::Error fasternet::listInstructions(llvm::MutableArrayRef<DeviceCode> code, Diagnostics &diagnostics) {
  if (llvm::none_of(code, [](const DeviceCode &one) { return one.cubin.has_value(); }))
    return llvm::Error::success();
  if (!findDeviceTool("nvdisasm")) {
    diagnostics.warning("",
                        missingDeviceTool("nvdisasm") +
                            ": shares of instructions are not known (PyPI has it as nvidia-cuda-nvdisasm)");
    return llvm::Error::success();
  }
  return forEach(code.size(), [&](size_t i) -> llvm::Error {
    if (!code[i].cubin)
      return llvm::Error::success();
    auto functions = disassemble(code[i].cubin->bytes);
    if (!functions)
      return functions.takeError();
    for (const MachineFunction &function : *functions)
      code[i].functions.push_back(countInstructions(function));
    return llvm::Error::success();
  });
}
