// The steps of a search: distinct points that their kernel can run with, for every kind and instruction set.
#include "schedules/Schedules.h"
#include "targets/Cpus.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

using namespace fasternet;

namespace {

class ScheduleSteps : public testing::TestWithParam<const char *> {};

TEST_P(ScheduleSteps, AreDistinctValidPoints) {
  const KernelSpec spec = llvm::cantFail(KernelSpec::parse(GetParam()));
  for (const Target &target : allTargets()) {
    if (spec.activations == ElementType::F16 && !target.hasHalfPrecision())
      continue;
    const std::string from = llvm::cantFail(scheduleParameters(spec, target, ""));
    const std::vector<std::string> steps = scheduleSteps(spec, target, from);
    EXPECT_FALSE(steps.empty()) << target.name.str();
    EXPECT_LT(steps.size(), 200u) << target.name.str();
    std::set<std::string> seen = {from};
    for (const std::string &step : steps) {
      EXPECT_TRUE(seen.insert(step).second) << step;
      auto parameters = scheduleParameters(spec, target, step);
      ASSERT_TRUE(bool(parameters)) << llvm::toString(parameters.takeError());
      EXPECT_EQ(*parameters, step);
    }
  }
}

std::map<std::string, std::string> members(llvm::StringRef text) {
  std::map<std::string, std::string> values;
  llvm::SmallVector<llvm::StringRef> assignments;
  text.split(assignments, ',');
  for (llvm::StringRef assignment : assignments)
    values[assignment.split('=').first.str()] = assignment.split('=').second.str();
  return values;
}

// NEON has one vector width; x86 shares no loads among steps of a reduction. All else can change on both.
TEST(BlockSteps, EachMemberCanChange) {
  const KernelSpec spec = llvm::cantFail(KernelSpec::parse("block-n1-28x28-c96-p24-h192-relu-f32-w32"));
  for (auto [targetName, fixed] : {std::pair("x86-64-v4", "fetch"), std::pair("aarch64", "vector")}) {
    const Target &target = *findTarget(targetName);
    const std::string from = llvm::cantFail(scheduleParameters(spec, target, ""));
    const auto before = members(from);
    std::set<std::string> changed;
    for (const std::string &step : scheduleSteps(spec, target, from))
      for (const auto &[name, value] : members(step))
        if (value != before.at(name))
          changed.insert(name);
    for (const auto &[name, value] : before)
      EXPECT_EQ(changed.count(name), name != fixed) << name << " on " << targetName;
  }
}

// Rows of 14 are 14 strips of one, or 7 and 2 that threads do not share evenly; tiles of channels likewise.
TEST(BlockSteps, ThreadsHaveEqualParts) {
  const KernelSpec spec = llvm::cantFail(KernelSpec::parse("block-n1-14x14-c160-p40-h320-gelu-f32-w32"));
  const Target &target = *findTarget("x86-64-v4");
  bool shares = false;
  for (const std::string &step :
       scheduleSteps(spec, target, llvm::cantFail(scheduleParameters(spec, target, "")))) {
    const auto parameters = members(step);
    if (parameters.at("share") == "0") {
      EXPECT_EQ(parameters.at("rows"), "1") << step;
      continue;
    }
    shares = true;
    for (auto [name, channels] : {std::pair("first", 320), std::pair("second", 160)}) {
      const int vectors = std::stoi(parameters.at(name)),
                lanes = vectors * std::stoi(parameters.at("vector"));
      EXPECT_EQ((channels + lanes - 1) / lanes % 2, 0) << step;
    }
  }
  EXPECT_TRUE(shares);
}

// Where the weights of 14x14 do not stay in L2, strips of seven rows would be two tasks.
TEST(BlockDefaults, KeepFourThreadsBusy) {
  for (const char *cpu : {"zen5", "zen3", "haswell"})
    for (const char *text :
         {"block-n1-56x56-c40-p10-h80-gelu-f32-w32", "block-n1-28x28-c384-p96-h768-relu-f32-w32",
          "block-n1-14x14-c160-p40-h320-gelu-f32-w32", "block-n1-14x14-c576-p144-h1152-relu-f32-w32",
          "block-n1-14x14-c768-p192-h1536-relu-f32-w32", "block-n1-7x7-c1536-p384-h3072-relu-f32-w32"}) {
      const KernelSpec spec = llvm::cantFail(KernelSpec::parse(text));
      const Target target =
          tunedFor(*findTarget(cpu == std::string("zen5") ? "x86-64-v4" : "x86-64-v3"), *findCpu(cpu));
      const auto parameters = members(llvm::cantFail(scheduleParameters(spec, target, "")));
      const int64_t rows = std::stoll(parameters.at("rows"));
      if (parameters.at("share") == "0")
        EXPECT_GE(spec.height / rows, 4) << text << " on " << cpu;
      else
        EXPECT_GE(spec.channels / (std::stoll(parameters.at("vector")) * std::stoll(parameters.at("second"))),
                  4)
            << text << " on " << cpu;
    }
}

TEST(BlockDefaults, SquaresButForSmallImagesAndHalves) {
  const Target &x86 = *findTarget("x86-64-v3"), &arm = *findTarget("aarch64-fp16");
  auto form = [](const char *text, const Target &target) {
    const KernelSpec spec = llvm::cantFail(KernelSpec::parse(text));
    return members(llvm::cantFail(scheduleParameters(spec, target, ""))).at("winograd");
  };
  EXPECT_EQ(form("block-n1-14x14-c160-p40-h320-gelu-f32-w32", x86), "2");
  EXPECT_EQ(form("block-n1-7x7-c320-p80-h640-gelu-f32-w32", x86), "0");
  EXPECT_EQ(form("block-n1-56x56-c40-p10-h80-gelu-f16-w16", arm), "0");
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, ScheduleSteps,
    testing::Values("patch_conv-n1-224x224-c3-o40-k4-s4-nchw-f32-w32",
                    "block-n1-56x56-c40-p10-h80-gelu-f32-w32", "block-n1-7x7-c320-p80-h640-gelu-f32-w32",
                    "block-n2-5x6-c10-p2-h20-relu-f32-w32", "head-n1-7x7-c320-f1280-o1000-gelu-f32-w32",
                    "patch_conv-n1-28x28-c40-o80-k2-s2-nhwc-f16-w16",
                    "block-n1-56x56-c40-p10-h80-gelu-f16-w16", "block-n1-7x7-c320-p80-h640-gelu-f16-w16",
                    "head-n1-7x7-c320-f1280-o1000-gelu-f16-w16"));

} // namespace
