// The compiler's copy of the runtime's constants: the only place that includes both.
#include "support/RuntimeAbi.h"

#include "fasternet/abi.h"
#include "fasternet/model.h"

#include <gtest/gtest.h>

namespace ours = fasternet::abi;

static_assert(ours::version == FNET_ABI_VERSION);
static_assert(ours::instanceHeaderBytes == FNET_INSTANCE_HEADER_BYTES);
static_assert(ours::workerHeaderBytes == FNET_WORKER_HEADER_BYTES);
static_assert(ours::alignment == FNET_ALIGNMENT);
static_assert(sizeof(void *) != 8 || ours::modelBytes == sizeof(fnet_model));

TEST(RuntimeAbi, RoundsUpToTheAlignment) {
  EXPECT_EQ(ours::roundUp(0), 0);
  EXPECT_EQ(ours::roundUp(1), 128);
  EXPECT_EQ(ours::roundUp(128), 128);
  EXPECT_EQ(ours::roundUp(129), 256);
}
