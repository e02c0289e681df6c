// A kernel's machine code as text, and how often its loops run: what a model of its cost reads.
#pragma once

#include <string>
#include <vector>

namespace fasternet {

struct KernelListing {
  /// A loop of the lowered kernel, under the name that its code's labels carry.
  struct Loop {
    std::string function, name;
    double iterations = 0; ///< in one call of the kernel, over all entries of the loop
  };
  struct Function {
    std::string name;
    double calls = 0; ///< in one call of the kernel: tasks, for the body of a parallel loop
  };

  std::string assembly;            ///< with the compiler's comments
  std::vector<Function> functions; ///< the kernel itself and its parallel loops' bodies
  std::vector<Loop> loops;         ///< in the order in which they are entered; a name may repeat
};

} // namespace fasternet
