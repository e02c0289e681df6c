// The command line of fasternetc: options to the driver's calls. Exit status 0, 1 (input) or 2 (usage).
#include "driver/Bench.h"
#include "driver/Compile.h"
#include "driver/CrossTools.h"
#include "driver/Init.h"
#include "driver/Inspect.h"
#include "driver/Precision.h"
#include "driver/TargetChoice.h"
#include "driver/Tune.h"
#include "driver/Verify.h"
#include "support/Diagnostics.h"

#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>

using namespace fasternet;

namespace {

/// What most commands share; each takes the part that it has a use for.
struct Options {
  std::string model, weights, name, output, io, runner, stage, tuneFor, recordsFile, html, budget = "10m";
  std::string cc, host, emulate, precision = "f32";
  std::vector<std::string> runners;
  RecordSources records;
  std::vector<std::string> targets = {"host"};
  int64_t threads = 1, seed = 0;
  double seconds = 2;
  std::optional<double> bound;
  bool kernels = false, memory = false, predict = false, json = false, quiet = false;
};

const char *weightsHelp = "a .safetensors, .pth, .pt or .ckpt file, or seeded:N";

void addModel(CLI::App &command, Options &o) {
  command.add_option("model", o.model, "model.json, or timm's config.json")->required();
  command.add_option("--name", o.name, "prefix of the public C names (default: the description's name)");
}

void addTargets(CLI::App &command, Options &o) {
  command.add_option("--target", o.targets, "targets, separated by commas; see `fasternetc targets`")
      ->delimiter(',');
  command.add_option("--cc", o.cc,
                     "C compiler of the target machine (default: cc, for another machine such as "
                     "aarch64-linux-gnu-gcc)");
  command.add_option("--tune-for", o.tuneFor,
                     "CPU whose caches and tuning records shape the code, such as zen4");
  command
      .add_option("--precision", o.precision,
                  "numbers that kernels store and compute with; f16 needs targets such as aarch64-fp16 or "
                  "cuda-sm80, tf32 such as cuda-sm80")
      ->check(CLI::IsMember({"f32", "f16", "tf32"}))
      ->capture_default_str();
}

void addRecords(CLI::App &command, Options &o) {
  command
      .add_option("--records", o.records.files, "tuning records besides those that come with the compiler")
      ->allow_extra_args(false);
  command.add_flag("!--no-shipped-records", o.records.shipped,
                   "ignore the records that come with the compiler");
}

void addRunner(CLI::App &command, Options &o) {
  command.add_option("--runner", o.runner, "command put before the program, such as \"ssh board\"");
  command.add_option("--threads", o.threads, "worker threads of a CPU's library")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
}

int report(llvm::Error error) {
  if (!error)
    return 0;
  llvm::handleAllErrors(std::move(error), [](const llvm::ErrorInfoBase &e) {
    llvm::errs() << "error: " << e.message() << '\n';
  });
  return 1;
}

llvm::Error listTargets() {
  for (const Target &target : allTargets())
    llvm::outs() << llvm::left_justify(target.name, 24) << target.summary
                 << (&target == hostTarget() ? "  (this machine)" : "") << '\n';
  return llvm::Error::success();
}

ElementType precisionOf(const Options &o) {
  return *elementNamed(o.precision); // the parser has checked the name
}

/// Those asked for, if they can compute in the precision asked for.
llvm::Expected<std::vector<const Target *>> targetsOf(const Options &o) {
  auto targets = chooseTargets(o.targets, o.tuneFor);
  if (targets)
    if (llvm::Error error = checkPrecision(precisionOf(o), *targets))
      return error;
  return targets;
}

/// The CPU target of the host code that comes with `targets`, or null where they are CPUs themselves.
llvm::Expected<const Target *> hostFor(const std::vector<const Target *> &targets, llvm::StringRef name) {
  if (targets.front()->family == TargetFamily::Cuda)
    return chooseHost(name);
  return nullptr;
}

/// One library for CPUs, one for GPUs, or both.
llvm::Error runCompile(const Options &o) {
  auto libraries = chooseLibraries(o.targets, o.tuneFor);
  if (!libraries)
    return libraries.takeError();
  auto host = hostFor(libraries->back(), o.host);
  if (!host)
    return host.takeError();
  if (!*host && !o.host.empty())
    return inputError("--host is for the libraries of GPUs; found target '" +
                      libraries->back().front()->name + "', whose code runs on no other host");
  for (const std::vector<const Target *> &targets : *libraries)
    if (llvm::Error error = checkPrecision(precisionOf(o), targets))
      return error;
  for (const std::vector<const Target *> &targets : *libraries) {
    const Target *ofDevice = targets.front()->family == TargetFamily::Cuda ? *host : nullptr;
    const Target &runsOn = ofDevice ? *ofDevice : *targets.front();
    auto compiled = compileModel({o.model, o.weights, o.name, o.output, compilerFor(runsOn, o.cc), targets,
                                  o.quiet, o.records, precisionOf(o), ofDevice});
    if (!compiled)
      return compiled.takeError();
    llvm::outs() << compiled->library << ": " << compiled->libraryBytes << " bytes, of which "
                 << compiled->weightBytes << " are weights\n";
  }
  return llvm::Error::success();
}

llvm::Error runVerify(const Options &o) {
  auto targets = targetsOf(o);
  if (!targets)
    return targets.takeError();
  auto host = hostFor(*targets, "");
  if (!host)
    return host.takeError();
  const Target &runsOn = *host ? **host : *targets->front();
  return verify({o.model, o.weights, o.io, o.name, compilerFor(runsOn, o.cc), o.runner, *targets, o.threads,
                 o.bound, o.records, precisionOf(o), *host, !o.emulate.empty()});
}

llvm::Error runBench(const Options &o) {
  auto targets = targetsOf(o);
  if (!targets)
    return targets.takeError();
  auto host = hostFor(*targets, "");
  if (!host)
    return host.takeError();
  const Target &runsOn = *host ? **host : *targets->front();
  return bench({o.model, o.weights, o.name, compilerFor(runsOn, o.cc), o.runner, *targets, o.threads,
                o.seconds, o.json, o.html, o.records, precisionOf(o), *host});
}

llvm::Error runInspect(const Options &o) {
  InspectOptions options{
      .model = o.model, .name = o.name, .kernels = o.kernels, .memory = o.memory, .predict = o.predict};
  if (!o.weights.empty())
    options.weights = o.weights;
  const std::pair<const char *, Stage> stages[] = {{"imported", Stage::Imported},
                                                   {"fused", Stage::Fused},
                                                   {"planned", Stage::Planned},
                                                   {"llvm", Stage::Llvm}};
  for (auto [name, stage] : stages)
    if (o.stage == name)
      options.stage = stage;
  auto targets = targetsOf(o);
  if (!targets)
    return targets.takeError();
  options.targets = *targets;
  options.records = o.records;
  options.precision = precisionOf(o);
  return inspect(options);
}

llvm::Error runTune(const Options &o) {
  auto targets = targetsOf(o);
  if (!targets)
    return targets.takeError();
  auto budget = parseDuration(o.budget);
  if (!budget)
    return budget.takeError();
  auto host = hostFor(*targets, "");
  if (!host)
    return host.takeError();
  const Target &runsOn = *host ? **host : *targets->front();
  return tune({o.model, o.name, compilerFor(runsOn, o.cc), *targets, o.runners, o.recordsFile,
               o.records.shipped, *budget, o.predict, precisionOf(o), *host});
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  Options o;
  CLI::App app{"fasternetc compiles a FasterNet into a static library with a C interface."};
  app.require_subcommand(1);
  app.set_version_flag("--version", FASTERNETC_VERSION);
  std::function<llvm::Error()> action;

  CLI::App *compile =
      app.add_subcommand("compile", "model and weights to a static library, header and runtime");
  addModel(*compile, o);
  addTargets(*compile, o);
  addRecords(*compile, o);
  compile->add_option("--weights", o.weights, weightsHelp)->required();
  compile->add_option("-o,--output", o.output, "folder of the result (default: the model's name)");
  compile->add_flag("--quiet", o.quiet, "no progress");
  compile->add_option(
      "--host", o.host,
      "CPU target of a GPU library's host code, such as x86-64-v2 or aarch64 (default: this machine's)");
  compile->callback([&] { action = [&] { return runCompile(o); }; });

  CLI::App *check =
      app.add_subcommand("verify", "a compiled library against golden outputs or the reference");
  check->footer(
      "A folder in place of the model stands for its model.json, weights.* (seeded:7 where it has none) and "
      "io.safetensors.\nWithout --io the reference interpreter says what is right.");
  addModel(*check, o);
  addTargets(*check, o);
  addRecords(*check, o);
  addRunner(*check, o);
  check->add_option("--weights", o.weights, weightsHelp);
  check->add_option("--io", o.io,
                    "safetensors file with `output` (or output0 ...) and, if not seeded, `input`");
  check->add_option("--bound", o.bound,
                    "largest allowed max|out - ref| / max|ref| (default: 1e-5 in f32, 1e-2 in f16 and tf32)");
  check
      ->add_option("--emulate", o.emulate,
                   "run a GPU's kernels on this machine's processor, through this interface")
      ->check(CLI::IsMember({"opencl"}));
  check->callback([&] { action = [&] { return runVerify(o); }; });

  CLI::App *measure = app.add_subcommand(
      "bench", "latency of a compiled library, its share of the FMA peak and the roofline");
  measure->footer(
      "The program measures the FMA peak and the bandwidth of memory between its runs. A kernel's\n"
      "roofline is the longer of its operations at that peak and its bytes at that bandwidth. For\n"
      "cuda-sm80 and other GPUs they are the device's, and run as a graph and run_device are timed as\n"
      "well.");
  addModel(*measure, o);
  addTargets(*measure, o);
  addRecords(*measure, o);
  addRunner(*measure, o);
  measure->add_option("--weights", o.weights, weightsHelp)->required();
  measure->add_option("--seconds", o.seconds, "about how long to measure")->check(CLI::Range(0.1, 600.0));
  measure->add_flag("--json", o.json, "one JSON object in place of the table");
  measure->add_option("--html", o.html,
                      "also write a page with the table, the roofline and the time of each call");
  measure->callback([&] { action = [&] { return runBench(o); }; });

  CLI::App *search = app.add_subcommand("tune", "search the fastest schedule of each kernel by measuring");
  search->footer(
      "Every candidate is checked against the reference before its time counts. Ctrl-C keeps what was\n"
      "found; a further run goes on from there. For cuda-sm80 and other GPUs candidates are measured\n"
      "where this machine, or a runner, has a device of that compute capability; elsewhere, or with\n"
      "--predict, schedules are ranked by their predicted cost, and the best is checked on this\n"
      "machine's processor through OpenCL.");
  addModel(*search, o);
  addTargets(*search, o);
  search->add_option("--budget", o.budget, "time in all, such as 90s, 10m or 2h")->capture_default_str();
  search
      ->add_option("--runner", o.runners,
                   "command put before the measuring program, such as \"ssh board\"; several share the work")
      ->allow_extra_args(false);
  search->add_flag("--predict", o.predict,
                   "rank schedules by their predicted cost instead of measuring; the runner only checks the "
                   "best, and may be an emulator; for GPUs this machine checks it");
  search->add_option("--records", o.recordsFile,
                     "file of records, read and appended (default: <cpu>.tuned.json)");
  search->add_flag("!--no-shipped-records", o.records.shipped,
                   "do not start from the records of the compiler");
  search->callback([&] { action = [&] { return runTune(o); }; });

  CLI::App *look = app.add_subcommand("inspect", "what the compiler sees and decides");
  addModel(*look, o);
  addTargets(*look, o);
  addRecords(*look, o);
  look->add_option("--weights", o.weights, "as for compile (default: seeded:7)");
  look->add_option("--stage", o.stage, "print the IR at this level")
      ->check(CLI::IsMember({"imported", "fused", "planned", "llvm"}));
  look->add_flag("--kernels", o.kernels,
                 "list the distinct kernels: shapes, MACs, bytes, arithmetic intensity");
  look->add_flag("--memory", o.memory, "draw the arena over time");
  look->add_flag(
      "--predict", o.predict,
      "cost of each kernel after LLVM's model of the CPU's pipeline (llvm-mca), or for a GPU after its "
      "machine code and occupancy");
  look->callback([&] { action = [&] { return runInspect(o); }; });

  CLI::App *make = app.add_subcommand("init", "write seeded weights for a model");
  addModel(*make, o);
  make->add_option("--seed", o.seed, "seed of the generator")->required()->check(CLI::NonNegativeNumber);
  make->add_option("-o,--output", o.output, "the .safetensors file")->required();
  make->callback(
      [&] { action = [&] { return initWeights({o.model, o.name, uint64_t(o.seed), o.output}); }; });

  app.add_subcommand("targets", "the targets that --target takes")->callback([&] { action = listTargets; });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &e) {
    const int status = app.exit(e, std::cout, std::cerr);
    return status == 0 ? 0 : 2;
  }
  return report(action());
}
