// What PTX says of a launch's blocks, so that their registers are right for them: ptxas knows neither their
// size nor how many there are.
#pragma once

#include "support/DeviceKernel.h"
#include "targets/Targets.h"

#include <string>

namespace fasternet {

/// The directives that stand between the parameters and the body of the entry that `launch` is of, each on a
/// line of its own; empty where ptxas chooses well without. A launch whose blocks all find room on the
/// multiprocessors of `target` leaves each thread as many registers as ptxas likes, which then keeps
/// addresses instead of computing them again in loops. A large block is never given more than it can have.
std::string launchBounds(const DeviceLaunch &launch, const Target &target);

/// `ptx` with the bounds of `launches`.
std::string withLaunchBounds(std::string ptx, const std::vector<DeviceLaunch> &launches,
                             const Target &target);

} // namespace fasternet
