// One kernel compiled for one target: the plain data that comes up from code generation.
#pragma once

#include "support/KernelSpec.h"
#include "support/PackedLayout.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fasternet {

/// One dimension of a buffer argument, innermost first, in elements (the fields of halide_dimension_t).
struct BufferDimension {
  int32_t min = 0, extent = 0, stride = 0;
  bool operator==(const BufferDimension &) const = default;
};

/// One buffer argument. The host pointer that the kernel receives is the tensor's address (its arena slot
/// with border, its packed weight, or the user's buffer) plus elementOffset elements: the element at the
/// dimensions' minima.
struct KernelArgument {
  enum class Role { Input, Weight, Output };
  Role role = Role::Input;
  std::vector<BufferDimension> dimensions;
  int64_t elementOffset = 0;
  PackedLayout layout; ///< role Weight only
  ElementType type = ElementType::F32;
  bool operator==(const KernelArgument &) const = default;
};

/// Order of arguments, by kind:
///   patch_conv: input, weight, bias, output
///   block:      input, partial weight, first weight, first bias, second weight, output
///   head:       input, first weight, [classifier weight, classifier bias,] output
///   affine:     input, scale, bias, output
/// The object defines `int symbol(void *user_context, halide_buffer_t *arguments...)`, 0 on success, and
/// refers to nothing but the names listed in runtime/include/fasternet/abi.h (halide_malloc, halide_free,
/// halide_do_par_for and libm), which the emitter renames.
struct CompiledKernel {
  KernelSpec spec;
  std::string target;                    ///< name in Targets.def, such as "x86-64-v3"
  std::string symbol;                    ///< global function defined in `object`
  std::string object;                    ///< bytes of a relocatable object file
  std::string schedule;                  ///< parameters used, as text, and where they came from
  std::vector<KernelArgument> arguments; ///< same for every target of a family
  int64_t callerScratchBytes = 0;        ///< allocated once per call, by the worker that calls the kernel
  int64_t workerScratchBytes = 0;        ///< allocated inside parallel loops, per worker
  int64_t tasks = 1;                     ///< iterations of the outermost parallel loop, 1 if none
};

} // namespace fasternet
