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

inline constexpr int64_t roundUp(int64_t bytes) {
  return (bytes + alignment - 1) / alignment * alignment;
}

} // namespace fasternet::abi
