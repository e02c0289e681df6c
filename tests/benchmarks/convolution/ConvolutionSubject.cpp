#include "ConvolutionSubject.h"

#include "ConvolutionSchedule.h"
#include "codegen/PipelineCompiler.h"
#include "support/Diagnostics.h"

#include "llvm/ADT/STLExtras.h"

using namespace fasternet;
using namespace fasternet::benchmark;

static llvm::Expected<std::string> resolve(const ConvolutionCase &shape, const Target &target,
                                           llvm::StringRef overrides) {
  ConvolutionParameters parameters = defaultConvolution(shape, target);
  if (llvm::Error error = readParameters(overrides, parameters))
    return error;
  if (llvm::Error error = checkConvolution(shape, target, parameters))
    return error;
  return parametersText(parameters);
}

static std::vector<std::string> steps(const ConvolutionCase &shape, const Target &target,
                                      llvm::StringRef from) {
  ConvolutionParameters parameters;
  llvm::cantFail(readParameters(from, parameters));
  std::vector<std::string> points;
  for (const ConvolutionParameters &point : stepsConvolution(shape, target, parameters)) {
    std::string text = parametersText(point);
    if (llvm::Error error = checkConvolution(shape, target, point))
      llvm::consumeError(std::move(error));
    else if (text != from && !llvm::is_contained(points, text))
      points.push_back(std::move(text));
  }
  return points;
}

SearchSubject benchmark::convolutionSubject(const ConvolutionCase &shape, const Target &target) {
  auto compile = [=](llvm::StringRef symbol, llvm::StringRef overrides) -> llvm::Expected<CompiledKernel> {
    auto text = resolve(shape, target, overrides);
    if (!text)
      return text.takeError();
    ConvolutionParameters parameters;
    llvm::cantFail(readParameters(*text, parameters));
    auto kernel = compilePipeline(target, symbol, convolutionArguments(shape),
                                  [&] { return scheduleConvolution(shape, parameters); });
    if (kernel)
      kernel->schedule = *text;
    return kernel;
  };
  return {.kernel = shape.text(),
          .macs = double(shape.macs()),
          .parameters = [=](llvm::StringRef overrides) { return resolve(shape, target, overrides); },
          .steps = [=](llvm::StringRef from) { return steps(shape, target, from); },
          .compile = compile,
          .expected = [=] { return expectedConvolution(shape); }};
}
