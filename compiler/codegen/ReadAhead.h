// Prefetches of what the next round of a loop will read, spread over the present one.
#pragma once

#include "schedules/Schedules.h"

#include <Halide.h>

namespace fasternet {

/// A lowering pass: each round of the loops that `readAheads` name asks for the next round's data, evenly
/// over the iterations of its innermost loops that read `pace`. The hardware sees weights coming only when
/// the next tile begins, and then as fast as its first few pixels need them, which is faster than memory
/// delivers. An address beyond a buffer's end asks for what lies behind it: a prefetch never faults.
class ReadAheadPass : public Halide::Internal::IRMutator {
public:
  explicit ReadAheadPass(std::vector<ReadAhead> readAheads) : readAheads(std::move(readAheads)) {}

private:
  using Halide::Internal::IRMutator::visit;
  Halide::Internal::Stmt visit(const Halide::Internal::For *loop) override;

  std::vector<ReadAhead> readAheads;
};

} // namespace fasternet
