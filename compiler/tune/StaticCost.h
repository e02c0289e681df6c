// What a kernel will cost, without running it: its machine code after a model of the pipeline, with all loads
// from L1, and the bytes that its schedule moves into L1.
#pragma once

#include "schedules/Traffic.h"
#include "support/KernelListing.h"
#include "support/KernelSpec.h"
#include "tune/ThroughputModel.h"

namespace fasternet {

/// Elements that a core multiplies and adds per cycle: twice as many halves as floats.
inline int64_t fmaElements(const Cpu &cpu, ElementType type) {
  return cpu.fmaFloats * elementBytes(ElementType::F32) / elementBytes(type);
}

struct StaticCost {
  double cycles = 0;       ///< of one call on one core
  double tileCycles = 0;   ///< of them in loops that multiply and add, and in the loops around those
  double fmaFloats = 0;    ///< elements multiplied and added by fused instructions in one call
  size_t innerSpills = 0;  ///< instructions in innermost loops that move a register to or from the stack
  double instructions = 0; ///< executed in one call
  double fmas = 0;         ///< of them fused multiply-adds

  /// Share of its time in register tiles that the core multiplies and adds, useful or not; 0 without any.
  double shareInTiles(const KernelSpec &spec, const Cpu &cpu) const {
    return tileCycles > 0 ? fmaFloats / double(fmaElements(cpu, spec.activations)) / tileCycles : 0;
  }

  /// Share of the FMA peak in the spec's precision that the useful multiply-adds of `spec` would reach.
  double shareOfPeak(const KernelSpec &spec, const Cpu &cpu) const {
    return double(spec.macs()) / double(fmaElements(cpu, spec.activations)) / cycles;
  }
};

/// The longer of the pipeline's cycles and those that the traffic of the schedule takes, as in a roofline;
/// where that is the traffic, schedules that move the same are told apart by a part of the pipeline's.
double cyclesWithTraffic(double pipelineCycles, const Traffic &traffic, const Target &target);

/// An innermost loop and the code around it in the next outer loop are one trace, so that what happens
/// between two register tiles is part of it.
llvm::Expected<StaticCost> predictCost(const KernelListing &listing, ThroughputModel &model);

} // namespace fasternet
