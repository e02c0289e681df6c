#include "AutoscheduledBlock.h"

#include "codegen/PipelineCompiler.h"
#include "kernels/Block.h"

#include <sys/resource.h>

using namespace fasternet;

/// Of the child that compiles: a schedule whose loops are unrolled without bound costs itself alone.
static void limitThisProcess() {
  const rlimit seconds{120, 120}, bytes{rlim_t(6) << 30, rlim_t(6) << 30};
  setrlimit(RLIMIT_CPU, &seconds);
  setrlimit(RLIMIT_AS, &bytes);
}

static ScheduledPipeline autoscheduled(const KernelSpec &spec, const Target &target) {
  limitThisProcess();
  const int64_t granule = target.vectorFloats;
  BlockKernel kernel(spec, {.partialGranule = granule, .firstGranule = granule, .secondGranule = granule});
  const auto arguments = kernelArguments(spec);
  Halide::ImageParam *inputs[] = {&kernel.input, &kernel.partialWeight, &kernel.firstWeight,
                                  &kernel.firstBias, &kernel.secondWeight};
  // Estimates are the bounds themselves: every shape is a constant.
  for (size_t i = 0; i < std::size(inputs); ++i)
    for (size_t d = 0; d < arguments[i].dimensions.size(); ++d)
      inputs[i]->dim(int(d)).set_estimate(arguments[i].dimensions[d].min, arguments[i].dimensions[d].extent);
  Halide::Region region;
  for (const BufferDimension &dimension : arguments.back().dimensions)
    region.push_back({dimension.min, dimension.extent});
  kernel.output.set_estimates(region);

  Halide::load_plugin(FASTERNET_ADAMS2019);
  Halide::Pipeline(kernel.output)
      .apply_autoscheduler(halideTarget(target), {"Adams2019", {{"parallelism", "1"}}});
  return {kernel.output, kernel.arguments()};
}

llvm::Expected<CompiledKernel>
benchmark::compileAutoscheduledBlock(const KernelSpec &spec, const Target &target, llvm::StringRef symbol) {
  auto kernel =
      compilePipeline(target, symbol, kernelArguments(spec), [&] { return autoscheduled(spec, target); });
  if (kernel)
    kernel->spec = spec, kernel->schedule = "Adams2019";
  return kernel;
}
