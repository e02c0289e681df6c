// Defaults of the CUDA schedules: they exist for every shape, use the GPU they are for, and need few
// launches.
#include "schedules/Schedules.h"
#include "schedules/cuda/KernelModel.h"
#include "schedules/cuda/Parameters.h"

#include <gtest/gtest.h>

using namespace fasternet;

namespace {

std::vector<const Target *> cudaTargets() {
  std::vector<const Target *> targets;
  for (const Target &target : allTargets())
    if (target.family == TargetFamily::Cuda)
      targets.push_back(&target);
  return targets;
}

template <typename Parameters> Parameters defaultOf(const std::string &text, const Target &target) {
  Parameters parameters;
  llvm::cantFail(readParameters(
      llvm::cantFail(scheduleParameters(llvm::cantFail(KernelSpec::parse(text)), target, "")), parameters));
  return parameters;
}

TEST(CudaDefaults, ExistForOddShapes) {
  for (const Target *target : cudaTargets())
    for (const char *text :
         {"patch_conv-n1-97x131-c3-o37-k7-s4-nchw-f32-w32", "patch_conv-n3-9x11-c5-o30-k3-s2-nhwc-f32-w32",
          "block-n1-1x1-c7-p1-h11-relu-f32-w32", "block-n32-13x17-c36-p9-h72-gelu-f32-w32",
          "block-n1-500x500-c36-p9-h72-gelu-f32-w32", "block-n1-7x7-c20000-p5000-h40000-relu-f32-w32",
          "head-n7-3x3-c31-f37-o11-relu-f32-w32", "head-n1-2x2-c8-f6-o0-gelu-f32-w32",
          "affine-n1-1x1-c1-f32-w32"}) {
      auto parameters = scheduleParameters(llvm::cantFail(KernelSpec::parse(text)), *target, "");
      EXPECT_TRUE(bool(parameters)) << llvm::toString(parameters.takeError());
    }
}

/// T0 at batch 1: at most 40 launches, each with blocks for half of the multiprocessors at least.
TEST(CudaDefaults, FillTheGpuWithFewLaunches) {
  struct {
    const char *spec;
    int64_t count;
  } const blocks[] = {{"block-n1-56x56-c40-p10-h80-gelu-f32-w32", 1},
                      {"block-n1-28x28-c80-p20-h160-gelu-f32-w32", 2},
                      {"block-n1-14x14-c160-p40-h320-gelu-f32-w32", 8},
                      {"block-n1-7x7-c320-p80-h640-gelu-f32-w32", 2}};
  for (const Target *target : cudaTargets()) {
    int64_t launches = 1 + 3; // embedding and mergings
    for (const auto &[text, count] : blocks) {
      const auto p = defaultOf<CudaBlockParameters>(text, *target);
      launches += count * p.launches;
      for (const LaunchPlan &launch : planLaunches(llvm::cantFail(KernelSpec::parse(text)), *target, p))
        EXPECT_GE(2 * launch.blocks, target->cores) << text << " on " << target->name.str();
    }
    launches += defaultOf<CudaHeadParameters>("head-n1-7x7-c320-f1280-o1000-gelu-f32-w32", *target).launches;
    EXPECT_LE(launches, 40) << target->name.str();
  }
}

/// What is right for one image leaves the units idle for many.
TEST(CudaDefaults, DifferWithTheBatch) {
  for (const Target *target : cudaTargets())
    for (const char *rest : {"14x14-c384-p96-h768-relu-f32-w32", "7x7-c768-p192-h1536-relu-f32-w32"}) {
      const auto one = defaultOf<CudaBlockParameters>(std::string("block-n1-") + rest, *target);
      const auto many = defaultOf<CudaBlockParameters>(std::string("block-n32-") + rest, *target);
      EXPECT_NE(parametersText(one), parametersText(many)) << target->name.str();
      EXPECT_GE(one.first.pieces * one.second.pieces, many.first.pieces * many.second.pieces)
          << target->name.str();
    }
}

} // namespace
