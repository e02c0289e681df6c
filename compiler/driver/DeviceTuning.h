// How `tune` goes about the schedules of a GPU: by measuring where there is one, else by prediction.
#pragma once

#include "driver/Tune.h"

namespace fasternet {

struct DeviceTuning {
  bool isMeasured = false;
  std::string device; ///< measured: its name
  std::string why;    ///< predicted: why nothing is measured
};

/// Measured where each runner reaches a device of the target's compute capability, or without a runner this
/// machine has one. Errors: a runner that reaches none, and what prediction needs and this machine lacks.
llvm::Expected<DeviceTuning> chooseDeviceTuning(const TuneOptions &options);

} // namespace fasternet
