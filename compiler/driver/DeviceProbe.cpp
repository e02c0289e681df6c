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
