// What the fake driver refuses as a real one does, and programs must not rely on: times of events that have
// none, and the driver of a parent process.
#include "FakeDriver.h"
#include "harness/gpu_functions.h"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

extern "C" {
#define DECLARE(name, symbol, parameters) CUresult symbol parameters;
FNET_CUDA_DRIVER_FUNCTIONS(DECLARE)
GPU_FUNCTIONS(DECLARE)
#undef DECLARE
}

namespace {

constexpr CUresult notInitialised = 3, invalidHandle = 400, notReady = 600;

class FakeDriver : public testing::Test {
protected:
  FakeDriver() {
    fake_driver::reset({80});
    EXPECT_EQ(cuInit(0), CUDA_SUCCESS);
    CUcontext context;
    EXPECT_EQ(cuDevicePrimaryCtxRetain(&context, 0), CUDA_SUCCESS);
    EXPECT_EQ(cuCtxPushCurrent_v2(context), CUDA_SUCCESS);
    EXPECT_EQ(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING), CUDA_SUCCESS);
  }

  static CUevent event(unsigned flags = 0) {
    CUevent made = nullptr;
    EXPECT_EQ(cuEventCreate(&made, flags), CUDA_SUCCESS);
    return made;
  }

  static CUresult elapsed(CUevent begin, CUevent end) {
    float milliseconds = 0;
    return cuEventElapsedTime(&milliseconds, begin, end);
  }

  CUstream stream = nullptr;
};

TEST_F(FakeDriver, EventsHaveTimesOnceReached) {
  const CUevent begin = event(), end = event();
  EXPECT_EQ(elapsed(begin, end), invalidHandle) << "neither was recorded";
  ASSERT_EQ(cuEventRecord(begin, stream), CUDA_SUCCESS);
  EXPECT_EQ(elapsed(begin, end), invalidHandle) << "one was not recorded";
  ASSERT_EQ(cuEventRecord(end, stream), CUDA_SUCCESS);
  EXPECT_EQ(elapsed(begin, end), notReady);
  ASSERT_EQ(cuEventSynchronize(end), CUDA_SUCCESS);
  EXPECT_EQ(elapsed(begin, end), CUDA_SUCCESS);
  ASSERT_EQ(cuEventRecord(end, stream), CUDA_SUCCESS);
  EXPECT_EQ(elapsed(begin, end), notReady) << "recorded anew";
}

TEST_F(FakeDriver, EventsWithoutTiming) {
  constexpr unsigned disableTiming = 2;
  const CUevent timed = event(), untimed = event(disableTiming);
  for (CUevent each : {timed, untimed}) {
    ASSERT_EQ(cuEventRecord(each, stream), CUDA_SUCCESS);
    ASSERT_EQ(cuEventSynchronize(each), CUDA_SUCCESS);
  }
  EXPECT_EQ(elapsed(timed, untimed), invalidHandle);
}

TEST_F(FakeDriver, IsTheProcesssThatInitialisedIt) {
  const pid_t child = fork();
  if (child == 0) {
    int count = 0;
    const bool refuses = cuInit(0) == notInitialised && cuDeviceGet(&count, 0) == notInitialised &&
                         cuStreamSynchronize(stream) == notInitialised;
    _exit(refuses ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(cuStreamSynchronize(stream), CUDA_SUCCESS) << "in the parent";
}

} // namespace
