// Reading torch checkpoints (.pth, .pt, .ckpt): a zip archive of one pickle and the raw data of each storage.
#pragma once

#include "frontend/TensorFile.h"

namespace fasternet {

/// All tensors of the nested dictionaries, their keys joined by '.'. State that is no model's (optimizers,
/// schedulers, loops) is passed over. The older form without a zip archive and TorchScript archives are
/// refused.
llvm::Expected<TensorFile> readTorchCheckpoint(std::shared_ptr<llvm::MemoryBuffer> buffer,
                                               llvm::StringRef path);

} // namespace fasternet
