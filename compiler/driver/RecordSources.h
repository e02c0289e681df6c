// The --records options: which tuning records a command sees.
#pragma once

#include "tune/Records.h"

namespace fasternet {

struct RecordSources {
  std::vector<std::string> files; ///< besides those that came with the compiler
  bool shipped = true;
};

/// Loads them. Lines that cannot be read are warnings on stderr; a file that cannot be read is an error.
llvm::Expected<Records> loadRecords(const RecordSources &sources);

} // namespace fasternet
