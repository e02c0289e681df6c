// How `tune` goes about the schedules of a GPU: by measuring where there is one, else by prediction.
#pragma once

#include "driver/Tune.h"

namespace fasternet {

/// True where each runner reaches a device of the target's compute capability, or without a runner this
/// machine has one; false where schedules are to be predicted. Says on stderr which, and why, unless
/// options.predict asks for it. Errors: a runner that reaches none, and what prediction needs and this
/// machine lacks.
llvm::Expected<bool> isMeasuredOnDevice(const TuneOptions &options);

} // namespace fasternet
