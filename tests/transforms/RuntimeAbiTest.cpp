// The compiler's copy of the runtime's constants: the only place that includes both.
#include "support/RuntimeAbi.h"

#include "fasternet/abi.h"
#include "fasternet/cuda_abi.h"
#include "fasternet/model.h"

#include <gtest/gtest.h>

namespace ours = fasternet::abi;

static_assert(ours::version == FNET_ABI_VERSION);
static_assert(ours::instanceHeaderBytes == FNET_INSTANCE_HEADER_BYTES);
static_assert(ours::workerHeaderBytes == FNET_WORKER_HEADER_BYTES);
static_assert(ours::alignment == FNET_ALIGNMENT);
static_assert(sizeof(void *) != 8 || ours::modelBytes == sizeof(fnet_model));
static_assert(ours::cudaVersion == FNET_CUDA_ABI_VERSION);
static_assert(ours::cudaInstanceHeaderBytes == FNET_CUDA_INSTANCE_HEADER_BYTES);
static_assert(ours::cudaHandleBytes == FNET_CUDA_HANDLE_BYTES);
static_assert(ours::cudaArguments == FNET_CUDA_ARGUMENTS);
static_assert(sizeof(void *) != 8 || ours::cudaModelBytes == sizeof(fnet_cuda_model));
static_assert(int(ours::CudaBase::Scalar) == FNET_CUDA_SCALAR &&
              int(ours::CudaBase::Weights) == FNET_CUDA_WEIGHTS &&
              int(ours::CudaBase::Arena) == FNET_CUDA_ARENA &&
              int(ours::CudaBase::Scratch) == FNET_CUDA_SCRATCH &&
              int(ours::CudaBase::Input) == FNET_CUDA_INPUT &&
              int(ours::CudaBase::Output) == FNET_CUDA_OUTPUT);

TEST(RuntimeAbi, RoundsUpToTheAlignment) {
  EXPECT_EQ(ours::roundUp(0), 0);
  EXPECT_EQ(ours::roundUp(1), 128);
  EXPECT_EQ(ours::roundUp(128), 128);
  EXPECT_EQ(ours::roundUp(129), 256);
}
