#include "driver/Verify.h"
#include "driver/Compile.h"
#include "driver/EmulatedRun.h"
#include "driver/Pipeline.h"
#include "driver/Precision.h"
#include "driver/RunCheck.h"
#include "driver/Toolchain.h"
#include "driver/VerifyCase.h"
#include "emit/Emit.h"
#include "reference/Interpreter.h"
#include "support/Diagnostics.h"
#include "support/Files.h"
#include "support/Process.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace fasternet;

/// Objects that hold the case's inputs and expected outputs, as the harness names them.
static llvm::Expected<std::vector<std::string>> embedCase(const VerifyCase &values, llvm::StringRef triple,
                                                          const TemporaryFolder &folder) {
  std::vector<std::string> objects;
  for (auto [symbol, data] :
       {std::pair("fnet_case_inputs", &values.input), std::pair("fnet_case_outputs", &values.outputs)}) {
    const std::string raw = folder.path(std::string(symbol) + ".bin"),
                      object = folder.path(std::string(symbol) + ".o");
    llvm::StringRef bytes(reinterpret_cast<const char *>(data->data()), data->size() * sizeof(float));
    if (llvm::Error error = writeFile(raw, bytes))
      return error;
    auto embedded = embedFile(raw, symbol, triple);
    if (!embedded)
      return embedded.takeError();
    if (llvm::Error error = writeFile(object, *embedded))
      return error;
    objects.push_back(object);
  }
  return objects;
}

/// Prints the program's lines for outputs and returns the largest error of them.
static llvm::Expected<double> readErrors(const ProcessResult &result) {
  double largest = 0;
  int64_t lines = 0;
  llvm::SmallVector<llvm::StringRef> split;
  llvm::StringRef(result.out).split(split, '\n', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef line : split) {
    auto [name, value] = line.split(" max_relative_error=");
    if (line.starts_with("same bits: ") || line.starts_with("device "))
      llvm::errs() << line << '\n';
    if (value.empty())
      continue;
    double error = 0;
    // getAsDouble knows "inf"; what it cannot read is no result.
    if (value.getAsDouble(error, /*AllowInexact=*/true) || std::isnan(error))
      return inputError("the verifying program printed '" + line + "'");
    llvm::outs() << line << '\n';
    largest = std::max(largest, error);
    ++lines;
  }
  if (result.status != 0 || lines == 0)
    return inputError("the verifying program failed with status " + llvm::Twine(result.status) + ":\n" +
                      result.out + result.err);
  return largest;
}

/// Compiles the imported model, links it with the values and runs each variant. Returns the largest error.
static llvm::Expected<double> verifyLinked(Pipeline &pipeline, const VerifyCase &values,
                                           const VerifyOptions &options) {
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
  auto libraries =
      embedCase(values, (options.host ? options.host : options.targets.front())->triple, *folder);
  if (!libraries)
    return libraries.takeError();
  libraries->insert(libraries->end(), {compiled->library, compiled->runtimeLibrary});

  const bool onDevice = options.host != nullptr;
  double largest = 0;
  for (const Target *target : options.targets) {
    llvm::errs() << "running " << target->name << '\n';
    const std::string program = folder->path("verify");
    if (llvm::Error error = linkHarness({options.cc,
                                         {onDevice ? "harness/cuda_verify.c" : "harness/verify.c"},
                                         {"FNET_HARNESS_MODEL=" + compiled->name,
                                          "FNET_HARNESS_THREADS=" + std::to_string(options.threads),
                                          "FNET_HARNESS_VARIANT=\"" + target->name.str() + "\""},
                                         *libraries,
                                         program,
                                         onDevice}))
      return error;
    auto result = runProgram(options.runner, program);
    if (!result)
      return result.takeError();
    auto error = readErrors(*result);
    if (!error)
      return error.takeError();
    largest = std::max(largest, *error);
  }
  return largest;
}

llvm::Error fasternet::verify(const VerifyOptions &given) {
  auto options = resolveFolder(given);
  if (!options)
    return options.takeError();
  if (options->emulate) {
    if (!options->host)
      return inputError("--emulate opencl is for GPUs; found target '" + options->targets.front()->name +
                        "', which runs as it is");
  } else if (llvm::Error error =
                 checkRun({.purpose = "verify",
                           .targets = options->targets,
                           .host = options->host,
                           .cc = options->cc,
                           .runner = options->runner,
                           .threads = options->threads,
                           .elsewhere = "; --emulate opencl runs the kernels on this machine's processor"})) {
    return error;
  }
  auto input = loadModel(options->model, options->weights, options->name);
  if (!input)
    return input.takeError();
  auto values = loadCase(input->description, *options);
  if (!values)
    return values.takeError();

  Pipeline pipeline(std::move(*input));
  if (options->io.empty()) {
    llvm::errs() << "computing the reference in double precision\n";
    auto outputs =
        interpret(pipeline.module(), {std::vector<double>(values->input.begin(), values->input.end())});
    if (!outputs)
      return outputs.takeError();
    for (const std::vector<double> &output : *outputs)
      values->outputs.insert(values->outputs.end(), output.begin(), output.end());
  }

  auto largest = options->emulate ? verifyEmulated(pipeline, *values, *options)
                                  : verifyLinked(pipeline, *values, *options);
  if (!largest)
    return largest.takeError();
  const double bound = options->bound.value_or(errorBound(options->precision));
  if (*largest > bound)
    return inputError(llvm::formatv("the largest error is {0:e3}, allowed is {1:e3}", *largest, bound).str());
  return llvm::Error::success();
}
