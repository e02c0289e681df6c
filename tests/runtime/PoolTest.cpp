// The runtime's pool: joins, shares, nests, and gives every index once.
#include "FakeModel.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <thread>

namespace {

class Pool {
public:
  explicit Pool(size_t threads, size_t misalignment = 0) : memory(fnet_pool_bytes(threads) + misalignment) {
    status = fnet_pool_init(memory.data() + misalignment, memory.size() - misalignment, threads, &pool);
  }
  ~Pool() { fnet_pool_done(pool); }
  const fnet_parallel *parallel() { return fnet_pool_parallel(pool); }
  void run(fnet_task task, void *argument, size_t count) {
    parallel()->run(parallel()->self, task, argument, count);
  }

  fnet_status status;
  fnet_pool *pool = nullptr;

private:
  std::vector<unsigned char> memory;
};

/// Counts calls of each index, and tasks that share a worker at the same time.
struct Counter {
  explicit Counter(size_t count, size_t workers) : calls(count), active(workers) {}
  static void task(void *self, size_t index, size_t worker) {
    auto *counter = static_cast<Counter *>(self);
    if (counter->active[worker]++ != 0)
      ++counter->clashes;
    ++counter->calls[index];
    --counter->active[worker];
  }
  bool eachOnce() const {
    for (const auto &count : calls)
      if (count != 1)
        return false;
    return clashes == 0;
  }
  std::vector<std::atomic<int>> calls, active;
  std::atomic<int> clashes = 0;
};

TEST(Pool, RefusesBadArguments) {
  std::vector<unsigned char> memory(fnet_pool_bytes(2));
  fnet_pool *pool = nullptr;
  EXPECT_EQ(fnet_pool_init(nullptr, memory.size(), 2, &pool), FNET_ERROR_ARGUMENT);
  EXPECT_EQ(fnet_pool_init(memory.data(), memory.size(), 2, nullptr), FNET_ERROR_ARGUMENT);
  EXPECT_EQ(fnet_pool_init(memory.data(), memory.size(), 0, &pool), FNET_ERROR_ARGUMENT);
  EXPECT_EQ(fnet_pool_init(memory.data(), memory.size(), FNET_POOL_MAX_THREADS + 1, &pool),
            FNET_ERROR_ARGUMENT);
  EXPECT_EQ(fnet_pool_init(memory.data(), memory.size() - 1, 2, &pool), FNET_ERROR_MEMORY);
  EXPECT_EQ(pool, nullptr);
  EXPECT_EQ(fnet_pool_bytes(0), 0u);
  EXPECT_EQ(fnet_pool_bytes(FNET_POOL_MAX_THREADS + 1), 0u);
  EXPECT_EQ(fnet_pool_parallel(nullptr), nullptr);
  fnet_pool_done(nullptr);
}

TEST(Pool, EachWorkerBeginsWithAShareOfItsOwn) {
  constexpr size_t threads = 3, count = 10;
  struct Firsts {
    std::atomic<size_t> arrived = 0;
    std::array<std::atomic<int>, threads> first = {-1, -1, -1};
  } firsts;
  Pool pool(threads);
  pool.run(
      [](void *self, size_t index, size_t worker) {
        auto &all = *static_cast<Firsts *>(self);
        if (all.first[worker] >= 0)
          return;
        all.first[worker] = int(index);
        // Nobody goes on, and into another's share, before all have begun.
        for (++all.arrived; all.arrived < threads;)
          std::this_thread::yield();
      },
      &firsts, count);
  EXPECT_EQ(firsts.first[0], 0);
  EXPECT_EQ(firsts.first[1], 3);
  EXPECT_EQ(firsts.first[2], 6);
}

TEST(Pool, OneToEightThreadsInAnyAlignment) {
  for (size_t threads = 1; threads <= 8; ++threads) {
    Pool pool(threads, threads * 5);
    ASSERT_EQ(pool.status, FNET_OK);
    EXPECT_EQ(pool.parallel()->workers, threads);
    for (size_t count : {0, 1, 2, 7, 100, 1000}) {
      Counter counter(count, threads);
      pool.run(Counter::task, &counter, count);
      EXPECT_TRUE(counter.eachOnce()) << threads << " threads, " << count << " indices";
    }
  }
}

TEST(Pool, ManyShortLoopsWithAndWithoutSleep) {
  Pool pool(4);
  for (int i = 0; i < 2000; ++i) {
    Counter counter(5, 4);
    pool.run(Counter::task, &counter, 5);
    ASSERT_TRUE(counter.eachOnce());
    if (i % 100 == 0) // long enough for all threads to go to sleep
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

TEST(Pool, UsesItsThreads) {
  Pool pool(3);
  std::atomic<int> arrived = 0; // only three threads at once get past
  auto meet = [](void *self, size_t, size_t) {
    auto *arrived = static_cast<std::atomic<int> *>(self);
    ++*arrived;
    while (*arrived < 3)
      std::this_thread::yield();
  };
  pool.run(meet, &arrived, 3);
  EXPECT_EQ(arrived, 3);
}

TEST(Pool, NestedCallRunsInline) {
  Pool pool(4);
  struct Outer {
    Pool &pool;
    std::atomic<int> inner = 0;
  } outer{pool};
  pool.run(
      [](void *self, size_t, size_t) {
        auto task = [](void *self, size_t, size_t worker) {
          EXPECT_EQ(worker, 0u);
          ++static_cast<Outer *>(self)->inner;
        };
        static_cast<Outer *>(self)->pool.run(task, self, 3);
      },
      &outer, 8);
  EXPECT_EQ(outer.inner, 24);
}

TEST(Pool, BusyPoolRunsTheSecondCallersWorkInline) {
  Pool pool(2);
  struct Gate {
    std::atomic<int> inside = 0;
    std::atomic<bool> open = false;
  } gate;
  std::thread first([&] {
    pool.run(
        [](void *self, size_t, size_t) {
          auto *gate = static_cast<Gate *>(self);
          ++gate->inside;
          while (!gate->open)
            std::this_thread::yield();
        },
        &gate, 2);
  });
  while (gate.inside < 2)
    std::this_thread::yield();
  struct Second {
    std::thread::id thread = std::this_thread::get_id();
    int calls = 0;
  } second;
  pool.run(
      [](void *self, size_t, size_t worker) {
        auto *second = static_cast<Second *>(self);
        EXPECT_EQ(std::this_thread::get_id(), second->thread);
        EXPECT_EQ(worker, 0u);
        ++second->calls;
      },
      &second, 10);
  EXPECT_EQ(second.calls, 10);
  gate.open = true;
  first.join();
}

TEST(Pool, InstancesShareItFromSeveralThreads) {
  for (size_t threads : {1, 2, 4}) {
    Pool pool(threads);
    FakeModel model(doublingKernel), other(doublingKernel);
    std::vector<std::thread> hosts;
    for (int host = 0; host < 4; ++host)
      hosts.emplace_back([&, host] {
        FakeInstance instance(host % 2 ? model : other, pool.parallel());
        for (int i = 0; i < 200; ++i) {
          auto start = static_cast<float>(1000 * host + i);
          ASSERT_EQ(instance.run(start), FNET_OK);
          ASSERT_TRUE(instance.outputIsDoubled(start));
        }
      });
    for (std::thread &host : hosts)
      host.join();
  }
}

TEST(Pool, StartsAndStopsAtOnce) {
  for (int i = 0; i < 50; ++i)
    ASSERT_EQ(Pool(4).status, FNET_OK);
}

} // namespace
