#include "driver/Bench.h"
#include "driver/BenchPage.h"
#include "driver/BenchReport.h"
#include "driver/Compile.h"
#include "driver/Pipeline.h"
#include "driver/RunCheck.h"
#include "driver/Toolchain.h"
#include "support/Diagnostics.h"
#include "support/Files.h"
#include "support/Process.h"

#include "llvm/Support/raw_ostream.h"

using namespace fasternet;

/// What tensor cores multiply: the name of the element type in PTX.
static std::string tensorCoreType(ElementType precision) {
  return precision == ElementType::F32 ? "" : elementName(precision).str();
}

static HarnessBuild harness(const BenchOptions &options, const CompiledModel &compiled,
                            const std::string &program) {
  HarnessBuild build{
      .cc = options.cc,
      .sources = {"harness/bench.c", "harness/fma_peak.c"},
      .defines = {"FNET_HARNESS_MODEL=" + compiled.name,
                  "FNET_HARNESS_THREADS=" + std::to_string(options.threads),
                  "FNET_HARNESS_SECONDS=" + std::to_string(options.seconds),
                  "FNET_HARNESS_ELEMENT_BITS=" + std::to_string(8 * elementBytes(options.precision))},
      .libraries = {compiled.library, compiled.runtimeLibrary},
      .output = program};
  if (options.host) {
    build.sources = {"harness/cuda_bench.c"};
    build.onDevice = true;
    if (const std::string type = tensorCoreType(options.precision); !type.empty())
      build.defines.push_back("FNET_HARNESS_TENSOR_CORES=\"" + type + "\"");
  }
  return build;
}

llvm::Error fasternet::bench(const BenchOptions &options) {
  if (options.targets.size() != 1)
    return inputError("--target: bench measures one target at a time, found " +
                      llvm::Twine(options.targets.size()));
  if (llvm::Error error = checkRun(
          {.purpose = "measure",
           .targets = options.targets,
           .host = options.host,
           .cc = options.cc,
           .runner = options.runner,
           .threads = options.threads,
           .elsewhere = "; inspect --kernels and inspect --predict say what can be said without a GPU"}))
    return error;
  if (!options.html.empty())
    if (llvm::Error error = checkWritable(options.html))
      return error;
  auto input = loadModel(options.model, options.weights, options.name);
  if (!input)
    return input.takeError();
  Pipeline pipeline(std::move(*input));
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  auto compiled = compileModel(pipeline, {.output = folder->path("library"),
                                          .cc = options.cc,
                                          .targets = options.targets,
                                          .records = options.records,
                                          .precision = options.precision,
                                          .host = options.host});
  if (!compiled)
    return compiled.takeError();

  const std::string program = folder->path("bench");
  if (llvm::Error error = linkHarness(harness(options, *compiled, program)))
    return error;
  llvm::errs() << "measuring\n";
  auto result = runProgram(options.runner, program);
  if (!result)
    return result.takeError();
  if (result->status != 0)
    return inputError("the measuring program failed with status " + llvm::Twine(result->status) + ":\n" +
                      result->out + result->err);
  auto report = readBenchReport(result->out, compiled->kernels);
  if (!report)
    return report.takeError();
  report->model = compiled->name;
  report->target = options.targets.front()->name.str();
  report->threads = options.threads;
  report->batch = pipeline.description().batchSize;
  if (report->device && options.precision != ElementType::F32)
    report->peakOf = tensorCoreType(options.precision) + " mma.sync";
  llvm::outs() << (options.json ? benchJson(*report) : benchTable(*report));
  return options.html.empty() ? llvm::Error::success() : writeFile(options.html, benchPage(*report));
}
