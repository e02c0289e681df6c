#include "device/PtxTrace.h"
#include "device/PtxThread.h"
#include "support/Diagnostics.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

using namespace fasternet;

namespace {

constexpr uint32_t warpThreads = 32, banks = 32, sectorBytes = 32, portBytes = 128;
/// Registers that ptxas fills with loads before it waits for the first of them, seen in the code of products.
constexpr double registersInFlight = 32;

std::array<uint32_t, 3> placeOf(uint32_t thread, const DeviceLaunch &launch) {
  const auto &extent = launch.threads;
  return {thread % extent[0], thread / extent[0] % extent[1], thread / extent[0] / extent[1]};
}

bool isMove(const PtxInstruction &i) {
  return i.op == PtxOp::Move || (i.op == PtxOp::Load && i.space == PtxSpace::Parameter);
}

double bytesOf(const PtxInstruction &i) {
  return double(i.elements * i.type.bits) / 8;
}

PtxAccesses &accessesOf(LaunchTrace &trace, const PtxInstruction &i) {
  const bool loads = i.op == PtxOp::Load;
  if (i.space == PtxSpace::Shared)
    return loads ? trace.sharedLoads : trace.sharedStores;
  if (i.space == PtxSpace::Local)
    return trace.localAccesses;
  return loads ? trace.globalLoads : trace.globalStores;
}

/// Counts one thread's steps into `trace`.
class Counter {
public:
  Counter(const PtxFunction &function, LaunchTrace &trace) : function(function), trace(trace) {}

  void add(const PtxStep &step) {
    const PtxInstruction &i = *step.instruction;
    if (function.leaders[step.index])
      endPiece();
    if (!isMove(i))
      ++piece.instructions;
    if (i.op == PtxOp::FusedMultiplyAdd && i.type.kind == PtxType::Kind::Float)
      ++piece.products, ++trace.fmas;
    if (i.op == PtxOp::MatrixProduct)
      ++piece.products, ++trace.matrixProducts;
    if ((i.op == PtxOp::Load || i.op == PtxOp::Store) && i.space != PtxSpace::Parameter) {
      PtxAccesses &accesses = accessesOf(trace, i);
      ++accesses.instructions;
      accesses.bytes += bytesOf(i);
      if (i.op == PtxOp::Load)
        (i.space == PtxSpace::Shared ? piece.sharedWords : piece.globalWords) += bytesOf(i) / 4;
    }
    trace.barriers += i.op == PtxOp::Barrier;
    if (i.op == PtxOp::Branch || i.op == PtxOp::Return || i.op == PtxOp::Barrier)
      endPiece();
  }
  void endPiece() {
    trace.instructions += piece.instructions;
    if (piece.products == 0)
      trace.besides += piece.instructions;
    trace.globalWaits += std::ceil(piece.globalWords / registersInFlight);
    trace.sharedWaits += std::ceil(piece.sharedWords / registersInFlight);
    piece = {};
  }

private:
  struct Piece {
    double instructions = 0, products = 0, globalWords = 0, sharedWords = 0;
  };
  const PtxFunction &function;
  LaunchTrace &trace;
  Piece piece;
};

/// Cycles on the port for one instruction of a warp whose threads access these addresses.
double passesOf(const PtxInstruction &i, const std::vector<uint64_t> &addresses) {
  const uint64_t unit = i.space == PtxSpace::Shared ? 4 : sectorBytes;
  const auto bytes = uint64_t(bytesOf(i));
  std::set<uint64_t> units;
  for (uint64_t address : addresses)
    for (uint64_t at = address / unit; at * unit < address + bytes; ++at)
      units.insert(at);
  if (i.space != PtxSpace::Shared)
    return double(llvm::divideCeil(units.size() * sectorBytes, portBytes));
  std::array<uint32_t, banks> words = {};
  for (uint64_t word : units)
    ++words[word % banks];
  return double(*std::max_element(words.begin(), words.end()));
}

/// Passes of the first warp: what its threads access in the same execution of an instruction goes together.
llvm::Error countPasses(const PtxFunction &function, const DeviceLaunch &launch, uint32_t threads,
                        LaunchTrace &trace) {
  std::map<size_t, std::vector<std::vector<uint64_t>>> executions; // by instruction
  for (uint32_t lane = 0; lane < threads; ++lane) {
    std::map<size_t, size_t> count;
    llvm::Error error = runPtxThread(function, launch, placeOf(lane, launch), [&](const PtxStep &step) {
      if (!step.address)
        return;
      auto &all = executions[step.index];
      const size_t nth = count[step.index]++;
      if (all.size() <= nth)
        all.resize(nth + 1);
      all[nth].push_back(*step.address);
    });
    if (error)
      return error;
  }
  for (const auto &[index, all] : executions)
    for (const std::vector<uint64_t> &addresses : all) {
      const PtxInstruction &i = function.instructions[index];
      accessesOf(trace, i).passes += passesOf(i, addresses);
    }
  return llvm::Error::success();
}

} // namespace

llvm::Expected<LaunchTrace> fasternet::traceLaunch(llvm::StringRef ptx, const DeviceLaunch &launch) {
  auto function = readPtxFunction(ptx, launch.function);
  if (!function)
    return function.takeError();
  auto named = [&](llvm::Error error) {
    return inputError("entry '" + launch.function + "': " + llvm::toString(std::move(error)));
  };
  const uint32_t threads = launch.threads[0] * launch.threads[1] * launch.threads[2];
  const auto warps = uint32_t(llvm::divideCeil(threads, warpThreads));
  LaunchTrace trace;
  for (uint32_t warp = 0; warp < warps; ++warp) {
    Counter counter(*function, trace);
    if (llvm::Error error = runPtxThread(*function, launch, placeOf(warp * warpThreads, launch),
                                         [&](const PtxStep &step) { counter.add(step); }))
      return named(std::move(error));
    counter.endPiece();
  }
  for (double *count : {&trace.instructions, &trace.fmas, &trace.matrixProducts, &trace.besides,
                        &trace.barriers, &trace.globalWaits, &trace.sharedWaits})
    *count /= warps;
  for (PtxAccesses *accesses : {&trace.globalLoads, &trace.globalStores, &trace.sharedLoads,
                                &trace.sharedStores, &trace.localAccesses})
    accesses->instructions /= warps, accesses->bytes /= warps;
  if (llvm::Error error = countPasses(*function, launch, std::min(threads, warpThreads), trace))
    return named(std::move(error));
  return trace;
}
