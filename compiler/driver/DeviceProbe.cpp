#include "driver/DeviceProbe.h"
#include "driver/Toolchain.h"
#include "support/Diagnostics.h"
#include "support/Process.h"

#include "llvm/ADT/StringExtras.h"

using namespace fasternet;

llvm::Expected<FoundDevice> fasternet::probeDevice(const std::string &cc, const std::string &runner) {
  if (!haveCompiler(cc))
    return inputError("there is no C compiler '" + cc + "' to make a program that looks for it");
  if (llvm::Error error = checkRunner(runner))
    return error;
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  const std::string program = folder->path("probe");
  if (llvm::Error error = linkHarness({.cc = cc,
                                       .sources = {"harness/cuda_probe.c", "cuda/driver.c", "src/status.c"},
                                       .output = program,
                                       .onDevice = true}))
    return error;
  constexpr unsigned limitSeconds = 120; // a driver that wakes a sleeping GPU takes its time
  auto result = runProgram(runner, program, limitSeconds);
  if (!result)
    return result.takeError();
  FoundDevice device;
  llvm::SmallVector<llvm::StringRef> lines;
  llvm::StringRef(result->out).split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef line : lines) {
    if (line.consume_front("device "))
      device.name = line.str();
    else if (line.consume_front("capability ") && line.getAsInteger(10, device.capability))
      device.capability = 0;
  }
  if (result->status != 0 || device.capability == 0)
    return inputError(llvm::StringRef(result->out + result->err).trim().str());
  return device;
}

llvm::Error fasternet::checkThreads(llvm::ArrayRef<const Target *> targets, int64_t threads) {
  if (threads == 1)
    return llvm::Error::success();
  return inputError("--threads: found " + llvm::Twine(threads) + " with target '" + targets.front()->name +
                    "', whose kernels run on the GPU: one thread launches them");
}

llvm::Error fasternet::checkDevice(llvm::StringRef purpose, llvm::ArrayRef<const Target *> targets,
                                   const std::string &cc, const std::string &runner,
                                   llvm::StringRef elsewhere) {
  const std::string where = runner.empty() ? "on this machine" : "through --runner '" + runner + "'";
  auto device = probeDevice(cc, runner);
  if (!device)
    return inputError("cannot " + purpose + " '" + targets.front()->name + "' " + where + ": " +
                      llvm::toString(device.takeError()) + elsewhere);
  for (const Target *target : targets)
    if (target->computeCapability() > device->capability)
      return inputError("cannot " + purpose + " '" + target->name + "' " + where + ": " + device->name +
                        " has compute capability " + llvm::Twine(device->capability / 10) + "." +
                        llvm::Twine(device->capability % 10) + elsewhere);
  return llvm::Error::success();
}
