// How many blocks of a launch one multiprocessor holds at a time.
#pragma once

#include <cstdint>
#include <optional>

namespace fasternet {

/// What keeps another block out.
enum class OccupancyLimit { Threads, Blocks, Registers, SharedMemory };

struct Occupancy {
  int64_t blocks = 0; ///< of one multiprocessor; 0: the launch fails
  double share = 0;   ///< of the warps that it can hold, 0 to 1
  OccupancyLimit limit = OccupancyLimit::Threads;
};

/// "threads", "blocks", "registers" or "shared".
const char *limitName(OccupancyLimit limit);

/// For blocks of so many threads with so many registers each and so many bytes of shared memory, static and
/// dynamic; nothing for a capability that is not in the table.
std::optional<Occupancy> theoreticalOccupancy(int64_t capability, int64_t threads, int64_t registers,
                                              int64_t sharedBytes);

} // namespace fasternet
