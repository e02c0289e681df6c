// Parallel loops of kernels over the host's own parallel-for.
#include "FakeModel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <csetjmp>
#include <thread>

namespace {

/// Calls the tasks from the last to the first, with changing workers.
void runBackwards(void *self, fnet_task task, void *argument, size_t count) {
  for (size_t i = count; i-- > 0;)
    task(argument, i, i % *static_cast<size_t *>(self));
}

TEST(ParallelFor, HostsOwnInAnyOrder) {
  size_t workers = 5;
  fnet_parallel parallel{&workers, workers, runBackwards};
  FakeModel model(doublingKernel);
  FakeInstance instance(model, &parallel);
  EXPECT_EQ(instance.run(7), FNET_OK);
  EXPECT_TRUE(instance.outputIsDoubled(7));
}

TEST(ParallelFor, HostsThreads) {
  fnet_parallel parallel{nullptr, 4, [](void *, fnet_task task, void *argument, size_t count) {
                           std::atomic<size_t> next = 0;
                           std::vector<std::thread> threads;
                           for (size_t worker = 0; worker < 4; ++worker)
                             threads.emplace_back([&, worker] {
                               for (size_t i; (i = next++) < count;)
                                 task(argument, i, worker);
                             });
                           for (std::thread &thread : threads)
                             thread.join();
                         }};
  FakeModel model(doublingKernel);
  FakeInstance instance(model, &parallel);
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(instance.run(static_cast<float>(i)), FNET_OK);
    ASSERT_TRUE(instance.outputIsDoubled(static_cast<float>(i)));
  }
}

TEST(ParallelFor, EachIndexOnceFromMin) {
  FakeModel model([](void *context, unsigned char *, const float *, float *) {
    int calls[10] = {};
    auto task = [](void *, int index, uint8_t *closure) {
      ++reinterpret_cast<int *>(closure)[index];
      return 0;
    };
    auto closure = reinterpret_cast<uint8_t *>(calls);
    int failure = fnet_internal_do_par_for(context, task, 3, 5, closure);
    failure |= fnet_internal_do_par_for(context, task, 9, 1, closure);
    failure |= fnet_internal_do_par_for(context, task, 0, 0, closure);
    failure |= fnet_internal_do_par_for(context, task, 0, -3, closure);
    for (int i = 0; i < 10; ++i)
      EXPECT_EQ(calls[i], (i >= 3 && i < 8) || i == 9 ? 1 : 0) << i;
    return failure;
  });
  size_t workers = 2;
  fnet_parallel parallel{&workers, workers, runBackwards};
  EXPECT_EQ(FakeInstance(model).run(), FNET_OK);
  EXPECT_EQ(FakeInstance(model, &parallel).run(), FNET_OK);
}

int failingTask(void *, int index, uint8_t *) {
  return index == 3 ? 42 : 0;
}

TEST(ParallelFor, CollectsATasksFailure) {
  FakeModel model([](void *context, unsigned char *, const float *, float *) {
    int failure = fnet_internal_do_par_for(context, failingTask, 0, 8, nullptr);
    EXPECT_EQ(failure, 42);
    return failure;
  });
  size_t workers = 3;
  fnet_parallel parallel{&workers, workers, runBackwards};
  EXPECT_EQ(FakeInstance(model).run(), FNET_ERROR_KERNEL);
  EXPECT_EQ(FakeInstance(model, &parallel).run(), FNET_ERROR_KERNEL);
}

TEST(ParallelFor, WorkerThatInitWasNotToldOf) {
  size_t workers = 3;
  fnet_parallel parallel{&workers, workers, runBackwards};
  FakeModel model(doublingKernel);
  FakeInstance instance(model, &parallel);
  workers = 4; // the host now uses a worker without memory
  EXPECT_EQ(instance.run(), FNET_ERROR_KERNEL);
  workers = 3;
  EXPECT_EQ(instance.run(), FNET_OK);
}

TEST(ParallelFor, NestedLoopsRunOnTheirWorker) {
  FakeModel model([](void *context, unsigned char *, const float *, float *) {
    auto outer = [](void *outerContext, int, uint8_t *closure) {
      auto inner = [](void *innerContext, int, uint8_t *outerContext) {
        return innerContext == outerContext ? 0 : 1;
      };
      int failure = fnet_internal_do_par_for(outerContext, inner, 0, 4, static_cast<uint8_t *>(outerContext));
      ++*reinterpret_cast<int *>(closure);
      return failure;
    };
    int outerCalls = 0;
    int failure = fnet_internal_do_par_for(context, outer, 0, 6, reinterpret_cast<uint8_t *>(&outerCalls));
    EXPECT_EQ(outerCalls, 6);
    return failure;
  });
  size_t workers = 3;
  fnet_parallel parallel{&workers, workers, runBackwards};
  EXPECT_EQ(FakeInstance(model, &parallel).run(), FNET_OK);
}

TEST(ParallelFor, HostLeavesByLongjmpAndTheInstanceLives) {
  struct Host {
    bool leaves = true;
    std::jmp_buf back;
    static void run(void *self, fnet_task task, void *argument, size_t count) {
      auto *host = static_cast<Host *>(self);
      for (size_t i = 0; i < count; ++i) {
        task(argument, i, i % 2);
        if (i == 3 && host->leaves)
          std::longjmp(host->back, 1);
      }
    }
  } host;
  fnet_parallel parallel{&host, 2, Host::run};
  FakeModel model(doublingKernel);
  FakeInstance instance(model, &parallel);
  host.leaves = true;
  if (setjmp(host.back) == 0) {
    instance.run();
    FAIL() << "the host did not leave";
  }
  host.leaves = false;
  EXPECT_EQ(instance.run(5), FNET_OK);
  EXPECT_TRUE(instance.outputIsDoubled(5));
}

} // namespace
