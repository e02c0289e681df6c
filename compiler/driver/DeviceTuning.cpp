#include "driver/DeviceTuning.h"
#include "codegen/DeviceEmulation.h"
#include "device/DeviceTools.h"
#include "driver/CrossTools.h"
#include "driver/DeviceProbe.h"
#include "support/Diagnostics.h"

#include "llvm/Support/raw_ostream.h"

using namespace fasternet;

/// A device that records for the target may come from. Code for 8.0 also runs on 8.6, another chip, whose
/// times would stand under the wrong name.
static llvm::Expected<std::string> findDevice(const TuneOptions &options, const std::string &runner) {
  auto device = probeDevice(options.cc, runner);
  if (!device)
    return device.takeError();
  const Target &target = *options.targets.front();
  if (device->capability != target.computeCapability())
    return inputError(device->name + " has compute capability " + llvm::Twine(device->capability / 10) + "." +
                      llvm::Twine(device->capability % 10) + ", records for '" + target.name +
                      "' come from one of " + llvm::Twine(target.computeCapability() / 10) + "." +
                      llvm::Twine(target.computeCapability() % 10));
  return device->name;
}

/// Ranking by machine code and checking on this machine's processor.
static llvm::Error checkPrediction(const TuneOptions &options) {
  const Target &target = *options.targets.front();
  for (const char *tool : {"ptxas", "nvdisasm"})
    if (!findDeviceTool(tool))
      return inputError("cannot rank schedules for '" + target.name + "': " + missingDeviceTool(tool));
  if (llvm::Error error = canEmulate())
    return inputError("cannot check schedules for '" + target.name +
                      "': " + llvm::toString(std::move(error)));
  return llvm::Error::success();
}

llvm::Expected<bool> fasternet::isMeasuredOnDevice(const TuneOptions &options) {
  const Target &target = *options.targets.front();
  if (options.predict && !options.runners.empty())
    return inputError(llvm::Twine("--runner: found '") + options.runners.front() +
                      "' with --predict and target '" + target.name +
                      "', whose predicted schedules are checked on this machine's processor: leave it out");
  if (options.precision != ElementType::F32)
    return inputError("--precision: found " + elementName(options.precision) + " with target '" +
                      target.name +
                      "', expected f32: the tiles of tensor cores come from a table and are not searched");
  auto predicted = [&]() -> llvm::Expected<bool> {
    if (llvm::Error error = checkPrediction(options))
      return error;
    return false;
  };
  if (options.predict)
    return predicted();
  for (const std::string &runner : options.runners) {
    auto device = findDevice(options, runner);
    if (!device)
      return inputError("cannot measure '" + target.name + "' through --runner '" + runner +
                        "': " + llvm::toString(device.takeError()));
    llvm::errs() << "measuring on " << *device << '\n';
  }
  if (!options.runners.empty())
    return true;
  auto device = findDevice(options, "");
  if (!device) {
    llvm::errs() << "predicting, nothing is measured: " << llvm::toString(device.takeError()) << '\n';
    return predicted();
  }
  llvm::errs() << "measuring on " << *device << '\n';
  return true;
}
