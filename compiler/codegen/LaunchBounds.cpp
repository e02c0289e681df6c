#include "codegen/LaunchBounds.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace fasternet;

static int64_t countOf(const std::array<uint32_t, 3> &extent) {
  return int64_t(extent[0]) * extent[1] * extent[2];
}

std::string fasternet::launchBounds(const DeviceLaunch &launch, const Target &target) {
  constexpr int64_t warp = 32, registers = 65536, mostOfThread = 255;
  /// More than the largest tiles take, since ptxas spills where it fills all that it may have.
  constexpr int64_t plenty = 200;
  const auto threads = int64_t(llvm::alignTo(countOf(launch.threads), warp));
  auto blocks = int64_t(llvm::divideCeil(countOf(launch.grid), target.cores));
  if (blocks * threads * plenty > registers) {
    if (threads * mostOfThread <= registers)
      return "";
    blocks = 1;
  }
  return llvm::formatv(".maxntid {0}, {1}, {2}\n.minnctapersm {3}\n", launch.threads[0], launch.threads[1],
                       launch.threads[2], blocks);
}

std::string fasternet::withLaunchBounds(std::string ptx, const std::vector<DeviceLaunch> &launches,
                                        const Target &target) {
  for (const DeviceLaunch &launch : launches) {
    const size_t entry = ptx.find(".entry " + launch.function + "(");
    const size_t body = entry == std::string::npos ? entry : ptx.find('{', entry);
    if (body != std::string::npos)
      ptx.insert(body, launchBounds(launch, target));
  }
  return ptx;
}
