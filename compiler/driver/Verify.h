// `fasternetc verify`: a compiled library against golden outputs or the reference interpreter.
#pragma once

#include "driver/RecordSources.h"
#include "support/KernelSpec.h"
#include "targets/Targets.h"

#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace fasternet {

struct VerifyOptions {
  std::string model;   ///< description, or a folder that holds one with weights and io.safetensors
  std::string weights; ///< empty with a folder: the weights file in it, else seeded:7
  std::string io; ///< safetensors with `output` (or output0 ...) and perhaps `input`; empty: the reference
  std::string name, cc, runner;
  std::vector<const Target *> targets; ///< each variant is run
  int64_t threads = 1;
  std::optional<double> bound; ///< largest allowed max|out - ref| / max|ref|; nothing: the precision's own
  RecordSources records;
  ElementType precision = ElementType::F32;
  const Target *host = nullptr; ///< of GPUs: the CPU target of their host code
  bool emulate = false;         ///< of GPUs: kernels run on this machine's processor, through OpenCL
};

/// Prints one line per output and variant on stdout. An error above the bound is an error of the command.
llvm::Error verify(const VerifyOptions &options);

} // namespace fasternet
