// pconv-bench [--target T] [--records F] [--runner CMD] [--rounds N]: answers requests on standard input, one
// a line, with one JSON object a line; tests/benchmarks/pconv.py asks them.
//   tune KERNEL SECONDS   searches for a schedule and keeps the records
//   measure KERNEL        times the best one known
//   compare BLOCK         times a block's default, its best and Halide's Adams2019 schedule
// KERNEL: conv3x3-56x56-c96-p24-g1 (see convolution/ConvolutionCase.h) or a block's spec. What fails is
// answered with {"error": why}.
#include "convolution/Session.h"
#include "driver/TargetChoice.h"
#include "support/Diagnostics.h"

#include <CLI/CLI.hpp>

#include <iostream>
#include <sstream>

using namespace fasternet;
using nlohmann::ordered_json;

static llvm::Expected<ordered_json> answer(benchmark::Session &session, const std::string &line) {
  std::istringstream words(line);
  std::string command, kernel;
  unsigned seconds = 0;
  words >> command >> kernel;
  if (command == "tune" && words >> seconds)
    return session.tune(kernel, seconds);
  if (command == "measure" && !kernel.empty())
    return session.measure(kernel);
  if (command == "compare" && !kernel.empty())
    return session.compare(kernel);
  return inputError("found '" + line + "', expected tune KERNEL SECONDS, measure KERNEL or compare BLOCK");
}

int main(int argc, char **argv) {
  CLI::App app("Times 3x3 convolutions of all kinds; see tests/benchmarks/pconv.py");
  benchmark::SessionOptions options{.records = "pconv.tuned.json"};
  std::vector<std::string> target = {"host"};
  app.add_option("--target", target, "as fasternetc's");
  app.add_option("--records", options.records, "file of the tuning records")->capture_default_str();
  app.add_option("--runner", options.runner, "command put before a measuring program");
  app.add_option("--rounds", options.rounds, "of one measurement")->check(CLI::Range(1, 1000));
  CLI11_PARSE(app, argc, argv);

  auto targets = chooseTargets(target);
  if (!targets) {
    std::cerr << "error: " << llvm::toString(targets.takeError()) << '\n';
    return 1;
  }
  options.target = targets->front();
  std::cout << ordered_json{{"target", options.target->name.str()}, {"cpu", options.target->tuneFor.str()}}
            << std::endl;
  benchmark::Session session(options);
  for (std::string line; std::getline(std::cin, line);) {
    auto json = answer(session, line);
    std::cout << (json ? *json : ordered_json{{"error", llvm::toString(json.takeError())}}) << std::endl;
  }
  return 0;
}
