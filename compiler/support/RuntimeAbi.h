// Constants of runtime/include/fasternet/abi.h that the compiler counts with. The compiler does not include
// the runtime's headers; tests/transforms/RuntimeAbiTest.cpp includes both and asserts that they agree.
#pragma once

#include <cstdint>

namespace fasternet::abi {

inline constexpr uint32_t version = 1;              ///< FNET_ABI_VERSION
inline constexpr int64_t instanceHeaderBytes = 512; ///< FNET_INSTANCE_HEADER_BYTES
inline constexpr int64_t workerHeaderBytes = 128;   ///< FNET_WORKER_HEADER_BYTES
inline constexpr int64_t alignment = 128;           ///< FNET_ALIGNMENT: of arena, scratch, and slots in them
inline constexpr int64_t modelBytes = 144;          ///< sizeof(fnet_model) on LP64

// Of runtime/include/fasternet/cuda_abi.h.
inline constexpr uint32_t cudaVersion = 1;               ///< FNET_CUDA_ABI_VERSION
inline constexpr int64_t cudaInstanceHeaderBytes = 4096; ///< FNET_CUDA_INSTANCE_HEADER_BYTES
inline constexpr int64_t cudaHandleBytes = 8;            ///< FNET_CUDA_HANDLE_BYTES
inline constexpr int64_t cudaArguments = 32;             ///< FNET_CUDA_ARGUMENTS
inline constexpr int64_t cudaModelBytes = 40;            ///< sizeof(fnet_cuda_model) on LP64
/// FNET_CUDA_*: what an address is relative to.
enum class CudaBase { Scalar = 0, Weights = 1, Arena = 2, Scratch = 3, Input = 4, Output = 5 };
/// Alignment of intermediates in the scratch, as cuMemAlloc gives it to buffers.
inline constexpr int64_t deviceAlignment = 256;

inline constexpr int64_t roundUp(int64_t bytes) {
  return (bytes + alignment - 1) / alignment * alignment;
}

} // namespace fasternet::abi
