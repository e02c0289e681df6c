// `fasternetc bench --html`: the report as one page that needs nothing else, neither scripts nor other files.
#pragma once

#include "driver/BenchReport.h"

#include <string>

namespace fasternet {

/// HTML with inline SVG; names from the model and from the measuring program are escaped.
std::string benchPage(const BenchReport &report);

} // namespace fasternet
