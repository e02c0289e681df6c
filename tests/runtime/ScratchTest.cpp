// Scratch memory of a worker: 512 bytes of the caller and 256 of worker 0 in one piece, 256 for other
// workers. Each kernel here checks by itself and reports the line that did not hold.
#include "FakeModel.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>

namespace {

#define HOLDS(condition)                                                                                     \
  do {                                                                                                       \
    if (!(condition)) {                                                                                      \
      ADD_FAILURE() << #condition;                                                                           \
      return 1;                                                                                              \
    }                                                                                                        \
  } while (false)

unsigned char *take(void *context, size_t bytes) {
  return static_cast<unsigned char *>(fnet_internal_malloc(context, bytes));
}

void release(void *context, std::initializer_list<unsigned char *> blocks) {
  for (unsigned char *block : blocks)
    fnet_internal_free(context, block);
}

void runKernel(FakeKernel kernel) {
  FakeModel model(kernel);
  FakeInstance instance(model);
  ASSERT_EQ(instance.status, FNET_OK);
  EXPECT_EQ(instance.run(), FNET_OK);
}

TEST(Scratch, BumpsByAlignedSizes) {
  runKernel([](void *context, unsigned char *, const float *, float *) {
    unsigned char *first = take(context, 1), *second = take(context, 129), *third = take(context, 128);
    HOLDS(first && reinterpret_cast<uintptr_t>(first) % FNET_ALIGNMENT == 0);
    HOLDS(second == first + 128);
    HOLDS(third == second + 256);
    release(context, {third, second, first});
    HOLDS(take(context, 768) == first); // all 512 + 256 bytes are back
    return 0;
  });
}

TEST(Scratch, ArenaComesBeforeIt) {
  runKernel([](void *context, unsigned char *arena, const float *, float *) {
    HOLDS(reinterpret_cast<uintptr_t>(arena) % FNET_ALIGNMENT == 0);
    HOLDS(take(context, 1) == arena + 1024 + FNET_WORKER_HEADER_BYTES); // 1000 rounded up
    return 0;
  });
}

TEST(Scratch, NullBeyondThePlan) {
  runKernel([](void *context, unsigned char *, const float *, float *) {
    HOLDS(!take(context, 769));
    HOLDS(!take(context, SIZE_MAX));
    HOLDS(!take(context, SIZE_MAX - 200));
    unsigned char *all = take(context, 768);
    HOLDS(all && !take(context, 1));
    fnet_internal_free(context, all);
    fnet_internal_free(context, nullptr);
    HOLDS(take(context, 768) == all);
    return 0;
  });
}

TEST(Scratch, FreedInAnyOrder) {
  runKernel([](void *context, unsigned char *, const float *, float *) {
    unsigned char *a = take(context, 128), *b = take(context, 128), *c = take(context, 128);
    release(context, {a}); // below b and c: kept with them
    unsigned char *d = take(context, 128);
    HOLDS(d == c + 128);
    release(context, {b, d});
    HOLDS(take(context, 128) == d); // above c, which lives
    release(context, {d, c});
    HOLDS(take(context, 128) == a);
    return 0;
  });
}

TEST(Scratch, EmptyBlocksAreBlocks) {
  runKernel([](void *context, unsigned char *, const float *, float *) {
    unsigned char *a = take(context, 0), *b = take(context, 0);
    HOLDS(a && b && a != b);
    release(context, {a, b});
    HOLDS(take(context, 768) == a);
    return 0;
  });
}

TEST(Scratch, LimitOfBlocks) {
  FakeModel model([](void *context, unsigned char *, const float *, float *) {
    std::vector<unsigned char *> blocks;
    for (unsigned i = 0; i < FNET_WORKER_BLOCKS; ++i) {
      blocks.push_back(take(context, 100));
      HOLDS(blocks.back());
    }
    HOLDS(!take(context, 100));
    for (unsigned char *block : blocks)
      fnet_internal_free(context, block);
    HOLDS(take(context, 100) == blocks[0]);
    return 0;
  });
  model.description.caller_scratch_bytes = 64 * 128;
  model.description.instance_bytes = FNET_INSTANCE_HEADER_BYTES + 1024 + 64 * 128;
  FakeInstance instance(model);
  ASSERT_EQ(instance.status, FNET_OK);
  EXPECT_EQ(instance.run(), FNET_OK);
}

TEST(Scratch, WorkersHaveTheirOwn) {
  // A parallel-for that calls the tasks in order, with workers 0, 1, 2.
  fnet_parallel parallel{nullptr, 3, [](void *, fnet_task task, void *argument, size_t count) {
                           for (size_t i = 0; i < count; ++i)
                             task(argument, i, i % 3);
                         }};
  FakeModel model([](void *context, unsigned char *, const float *, float *) {
    unsigned char *blocks[4] = {take(context, 512)};
    auto task = [](void *context, int index, uint8_t *closure) {
      auto blocks = reinterpret_cast<unsigned char **>(closure);
      blocks[index + 1] = take(context, 256);
      HOLDS(blocks[index + 1] && !take(context, 1));
      fnet_internal_free(context, blocks[index + 1]);
      return 0;
    };
    HOLDS(fnet_internal_do_par_for(context, task, 0, 3, reinterpret_cast<uint8_t *>(blocks)) == 0);
    HOLDS(blocks[1] == blocks[0] + 512); // worker 0: behind the caller's
    HOLDS(blocks[2] == blocks[1] + 256 + FNET_WORKER_HEADER_BYTES);
    HOLDS(blocks[3] == blocks[2] + 256 + FNET_WORKER_HEADER_BYTES);
    return 0;
  });
  FakeInstance instance(model, &parallel);
  ASSERT_EQ(instance.status, FNET_OK);
  EXPECT_EQ(instance.run(), FNET_OK);
}

} // namespace
