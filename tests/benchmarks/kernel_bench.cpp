// kernel-bench SPEC TARGET [OVERRIDES]...: time, GFLOP/s and share of the FMA peak of one kernel on one
// thread, for the default schedule and for each list of overrides, such as vector=8,second=3x7x1. Windows of
// all candidates and of the peak alternate, so that other load on the machine strikes all alike; the best
// window of each counts.
#include "KernelData.h"
#include "LoadedKernel.h"
#include "codegen/Codegen.h"
#include "kernels/KernelArguments.h"

extern "C" {
#include "harness/fma_peak.h"
}

#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

using namespace fasternet;

namespace {

/// A block's weights come from beyond L2, because those of other blocks went through it; its input was just
/// written. So copies of the weights take turns, up to this many bytes and 16 copies, while the activations
/// stay.
constexpr int64_t rotationBytes = int64_t(24) << 20;
constexpr int windows = 25;
constexpr double windowSeconds = 0.004;

struct Candidate {
  std::string schedule;
  LoadedKernel kernel;
  double seconds = 1e30;
};

/// About a millisecond of multiply-adds.
constexpr uint64_t peakRounds = 100000;

double secondsOf(auto work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

} // namespace

int main(int argc, char **argv) {
  if (argc < 3) {
    llvm::errs() << "usage: kernel-bench SPEC TARGET [OVERRIDES]...\n";
    return 2;
  }
  auto fail = [](const llvm::Twine &why) {
    llvm::errs() << "error: " << why << '\n';
    return 1;
  };
  auto spec = KernelSpec::parse(argv[1]);
  if (!spec)
    return fail(llvm::toString(spec.takeError()));
  const Target *target = findTarget(argv[2]);
  if (!target)
    return fail(llvm::Twine("unknown target ") + argv[2]);

  std::vector<Candidate> candidates;
  for (int i = 2; i < argc; ++i) {
    auto compiled = compileKernel(*spec, *target, "kernel", i == 2 ? "" : argv[i]);
    if (!compiled) {
      fail(llvm::toString(compiled.takeError()));
      continue;
    }
    auto loaded = LoadedKernel::load(*compiled, ScratchKind::Plain);
    if (!loaded)
      return fail(llvm::toString(loaded.takeError()));
    candidates.push_back({compiled->schedule, std::move(*loaded)});
  }

  int64_t weightBytes = 4;
  const std::vector<KernelArgument> arguments = kernelArguments(*spec);
  for (const KernelArgument &argument : arguments)
    if (argument.role == KernelArgument::Role::Weight)
      weightBytes += 4 * argument.layout.packedElements();
  std::vector<KernelData> copies;
  const int64_t count = std::clamp<int64_t>(rotationBytes / weightBytes, 1, 16);
  for (int64_t i = 0; i < count; ++i)
    copies.emplace_back(*spec, GuardedFloats::Flush::Front);
  std::vector<std::vector<float *>> pointers;
  for (const KernelData &copy : copies) {
    pointers.push_back(copy.pointers());
    for (size_t i = 0; i < arguments.size(); ++i)
      if (arguments[i].role != KernelArgument::Role::Weight)
        pointers.back()[i] = pointers.front()[i];
  }

  double peak = 0;
  for (int window = 0; window < windows; ++window) {
    double operations = 0;
    const double spentOnPeak =
        secondsOf([&] { operations = fnet_harness_fma(target->cpuFeatureBits, 32, peakRounds); });
    peak = std::max(peak, 1e-9 * operations / spentOnPeak);
    for (Candidate &candidate : candidates) {
      double spent = 0;
      for (size_t i = 0; spent < windowSeconds || i < 2; ++i) {
        const double seconds = secondsOf([&] { candidate.kernel.run(pointers[i % pointers.size()]); });
        candidate.seconds = std::min(candidate.seconds, seconds);
        spent += seconds;
      }
    }
  }
  std::printf("%s %s peak %.1f GFLOP/s\n", argv[1], argv[2], peak);
  for (const Candidate &candidate : candidates) {
    const double gflops = 2e-9 * double(spec->macs()) / candidate.seconds;
    std::printf("%8.4f ms %6.1f GFLOP/s %5.3f  %s\n", candidate.seconds * 1e3, gflops, gflops / peak,
                candidate.schedule.c_str());
  }
  return 0;
}
