// Every call to the driver fails once: the status and the text are right, nothing is left, and the next
// attempt works.
#include "CudaTest.h"
#include "DeviceTensors.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <memory>

using testing::Contains;
using testing::StartsWith;

namespace {

constexpr int outOfMemory = 2;

/// With and without FNET_OPTION_GRAPH.
class CudaFailure : public CudaTest, public testing::WithParamInterface<uint64_t> {
protected:
  fnet_options options() const {
    fnet_options options = cudaOptions();
    options.flags = GetParam();
    return options;
  }

  /// The names of the driver calls of one action.
  template <typename Action> static std::vector<std::string> callsOf(Action action) {
    fake_driver::forgetCalls();
    action();
    return fake_driver::calls();
  }

  /// "cuMemAlloc" or "cuMemAlloc (input 1)", and the driver's texts.
  static void expectMessage(const std::string &message, const std::string &call) {
    EXPECT_THAT(message,
                testing::MatchesRegex(call + "( \\(.+ [0-9]+\\))?: CUDA_ERROR_OUT_OF_MEMORY: out of memory"));
  }

  FakeCudaModel model{{80}};
};

TEST_P(CudaFailure, OfInit) {
  std::vector<std::string> calls = callsOf([&] {
    FakeCudaInstance instance(model, options());
    ASSERT_EQ(instance.status, FNET_OK) << instance.message();
  });
  // What comes after the pop is done's.
  calls.resize(size_t(std::find(calls.begin(), calls.end(), "cuCtxPopCurrent") - calls.begin()) + 1);
  EXPECT_GT(calls.size(), 15u);
  EXPECT_EQ(std::count(calls.begin(), calls.end(), "cuGraphInstantiateWithFlags"), GetParam() ? 1 : 0);
  for (size_t i = 0; i < calls.size(); ++i) {
    SCOPED_TRACE(calls[i] + ", call " + std::to_string(i));
    fake_driver::failCall(i, outOfMemory);
    {
      FakeCudaInstance instance(model, options());
      EXPECT_EQ(instance.status, FNET_ERROR_DEVICE);
      EXPECT_EQ(instance.instance, nullptr);
      expectMessage(instance.message(), calls[i]);
    }
    expectNothingLeft();
    FakeCudaInstance next(model, options());
    ASSERT_EQ(next.status, FNET_OK) << next.message();
    EXPECT_EQ(next.run(1), FNET_OK);
    EXPECT_TRUE(next.outputsAreRight(1));
  }
}

TEST_P(CudaFailure, OfRun) {
  FakeCudaInstance instance(model, options());
  const std::vector<std::string> calls = callsOf([&] { ASSERT_EQ(instance.run(), FNET_OK); });
  EXPECT_THAT(calls, Contains(GetParam() ? "cuGraphLaunch" : "cuLaunchKernel"));
  for (size_t i = 0; i < calls.size(); ++i) {
    SCOPED_TRACE(calls[i] + ", call " + std::to_string(i));
    fake_driver::forgetCalls();
    fake_driver::failCall(i, outOfMemory);
    EXPECT_EQ(instance.run(2), FNET_ERROR_DEVICE);
    expectMessage(instance.message(), calls[i]);
    EXPECT_EQ(fake_driver::contexts(), std::vector<int>{fake_driver::hostContext});
    if (i > 0) {
      EXPECT_THAT(fake_driver::calls(), Contains("cuStreamSynchronize")) << "copies may still be under way";
    }
    EXPECT_EQ(instance.run(3), FNET_OK);
    EXPECT_TRUE(instance.outputsAreRight(3));
  }
}

/// run_device on the legacy stream, first for one set of pointers, then for another.
class CudaDeviceFailure : public CudaFailure {
protected:
  fnet_status runFirst(const FakeCudaInstance &instance) const { return first.run(instance, nullptr); }
  fnet_status runBoth(const FakeCudaInstance &instance) const {
    const fnet_status status = runFirst(instance);
    return status == FNET_OK ? second.run(instance, nullptr) : status;
  }

  /// Fails each call of `action` in an instance of its own, and then tries again. Returns the names of the
  /// calls.
  template <typename Action> std::vector<std::string> failEach(Action action, const DeviceTensors &tensors) {
    std::vector<std::string> calls;
    for (size_t i = 0; i == 0 || i < calls.size(); ++i) {
      FakeCudaInstance instance(model, options());
      if (i == 0) {
        FakeCudaInstance counted(model, options());
        calls = callsOf([&] { EXPECT_EQ(action(counted), FNET_OK); });
        fake_driver::finish(nullptr);
      }
      SCOPED_TRACE(calls[i] + ", call " + std::to_string(i));
      fake_driver::failCall(i, outOfMemory);
      EXPECT_EQ(action(instance), FNET_ERROR_DEVICE);
      expectMessage(instance.message(), calls[i]);
      EXPECT_EQ(fake_driver::contexts(), std::vector<int>{fake_driver::hostContext});
      EXPECT_EQ(action(instance), FNET_OK) << instance.message();
      fake_driver::finish(nullptr);
      EXPECT_TRUE(tensors.outputsAreRight());
      EXPECT_EQ(instance.run(3), FNET_OK) << "the stream of captures is usable";
      EXPECT_TRUE(instance.outputsAreRight(3));
    }
    return calls;
  }

  DeviceTensors first{5}, second{9};
};

TEST_P(CudaDeviceFailure, OfTheFirstRun) {
  const auto calls = failEach([this](auto &instance) { return runFirst(instance); }, first);
  EXPECT_EQ(std::count(calls.begin(), calls.end(), "cuGraphInstantiateWithFlags"), GetParam() ? 1 : 0);
}

TEST_P(CudaDeviceFailure, OfARunWithOtherPointers) {
  const auto calls = failEach([this](auto &instance) { return runBoth(instance); }, second);
  EXPECT_EQ(std::count(calls.begin(), calls.end(), "cuGraphExecUpdate"), GetParam() ? 1 : 0);
}

TEST_P(CudaDeviceFailure, OfARunWithOtherPointersLeavesTheFirst) {
  const std::vector<std::string> calls = callsOf([this] {
    FakeCudaInstance counted(model, options());
    EXPECT_EQ(runFirst(counted), FNET_OK);
    fake_driver::forgetCalls();
    EXPECT_EQ(second.run(counted, nullptr), FNET_OK);
    fake_driver::finish(nullptr);
  });
  const size_t ofSecond =
      size_t(std::find(calls.begin(), calls.end(), "cuCtxPopCurrent") - calls.begin()) + 1;
  for (size_t i = 0; i < ofSecond; ++i) {
    SCOPED_TRACE(calls[i] + ", call " + std::to_string(i));
    FakeCudaInstance instance(model, options());
    EXPECT_EQ(runFirst(instance), FNET_OK);
    fake_driver::finish(nullptr);
    fake_driver::failCall(i, outOfMemory);
    EXPECT_EQ(second.run(instance, nullptr), FNET_ERROR_DEVICE);
    fake_driver::finish(nullptr);
    first.forgetOutputs();
    EXPECT_EQ(runFirst(instance), FNET_OK) << instance.message();
    fake_driver::finish(nullptr);
    EXPECT_TRUE(first.outputsAreRight());
  }
}

using CudaPlainFailure = CudaFailure;

TEST_P(CudaPlainFailure, OfRunWithSteps) {
  size_t steps = 0;
  fnet_options stepping = options();
  stepping.step_self = &steps;
  stepping.step_done = [](void *self, size_t) { ++*static_cast<size_t *>(self); };
  FakeCudaInstance instance(model, stepping);
  const std::vector<std::string> calls = callsOf([&] { ASSERT_EQ(instance.run(), FNET_OK); });
  EXPECT_EQ(std::count(calls.begin(), calls.end(), "cuStreamSynchronize"), 4);
  for (size_t i = 0; i < calls.size(); ++i) {
    SCOPED_TRACE(calls[i] + ", call " + std::to_string(i));
    fake_driver::failCall(i, outOfMemory);
    steps = 0;
    EXPECT_EQ(instance.run(2), FNET_ERROR_DEVICE);
    expectMessage(instance.message(), calls[i]);
    const size_t before =
        size_t(std::count(calls.begin(), calls.begin() + std::ptrdiff_t(i), "cuStreamSynchronize"));
    EXPECT_EQ(steps, std::min<size_t>(before, 3)) << "no step is told of that has not ended";
  }
}

TEST_P(CudaFailure, OfDoneLosesNothing) {
  DeviceTensors tensors(5);
  auto make = [&] {
    auto instance = std::make_unique<FakeCudaInstance>(model, options());
    EXPECT_EQ(tensors.run(*instance, nullptr), FNET_OK);
    fake_driver::finish(nullptr);
    return instance;
  };
  auto counted = make();
  const std::vector<std::string> calls = callsOf([&] { counted.reset(); });
  EXPECT_EQ(std::count(calls.begin(), calls.end(), "cuGraphExecDestroy"), GetParam() ? 2 : 0);
  EXPECT_EQ(calls.front(), "cuCtxPushCurrent");
  for (size_t i = 1; i < calls.size(); ++i) {
    SCOPED_TRACE(calls[i] + ", call " + std::to_string(i));
    auto instance = make();
    fake_driver::failCall(i, outOfMemory);
    instance.reset();
    expectNothingLeft();
  }
}

const auto launchesName = [](const testing::TestParamInfo<uint64_t> &info) {
  return info.param ? "AsGraph" : "Plain";
};
INSTANTIATE_TEST_SUITE_P(Launches, CudaFailure, testing::Values(0, FNET_OPTION_GRAPH), launchesName);
INSTANTIATE_TEST_SUITE_P(Launches, CudaDeviceFailure, testing::Values(0, FNET_OPTION_GRAPH), launchesName);
// A graph has no steps.
INSTANTIATE_TEST_SUITE_P(Launches, CudaPlainFailure, testing::Values(0), launchesName);

} // namespace
