#include "driver/RunCheck.h"
#include "driver/CrossTools.h"
#include "driver/DeviceProbe.h"
#include "support/Diagnostics.h"

using namespace fasternet;

static llvm::Error checkDevice(const RunRequest &request) {
  const std::string where =
      request.runner.empty() ? "on this machine" : "through --runner '" + request.runner + "'";
  auto cannot = [&](const Target &target, const llvm::Twine &why) {
    return inputError("cannot " + request.purpose + " '" + target.name + "' " + where + ": " + why +
                      request.elsewhere);
  };
  auto device = probeDevice(request.cc, request.runner);
  if (!device)
    return cannot(*request.targets.front(), llvm::toString(device.takeError()));
  for (const Target *target : request.targets)
    if (target->computeCapability() > device->capability)
      return cannot(*target, device->name + " has compute capability " +
                                 llvm::Twine(device->capability / 10) + "." +
                                 llvm::Twine(device->capability % 10));
  return llvm::Error::success();
}

llvm::Error fasternet::checkRun(const RunRequest &request) {
  const Target &target = *request.targets.front();
  if (llvm::Error error =
          checkPrograms(request.purpose, request.host ? *request.host : target, request.cc, {request.runner}))
    return error;
  if (!request.host)
    return llvm::Error::success();
  if (request.threads != 1)
    return inputError("--threads: found " + llvm::Twine(request.threads) + " with target '" + target.name +
                      "', whose kernels run on the GPU: one thread launches them");
  return checkDevice(request);
}
