// From a planned pipeline to what header, manifest and package files say about the model.
#pragma once

#include "driver/Pipeline.h"
#include "emit/Emit.h"

namespace fasternet {

/// Must be called after plan() and before lower(), which uses up what it reads.
llvm::Expected<ModelInterface> describe(Pipeline &pipeline);

} // namespace fasternet
