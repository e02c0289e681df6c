#include "tune/MeasuringTable.h"

#include "tune/KernelCase.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>

using namespace fasternet;

namespace {

/// Enough to leave every L2, of which an H100 has 50 MiB and an RTX 4090 72; more sets of weights only take
/// longer to make.
int64_t mostFootprint(const Target &target) {
  return int64_t(target.family == TargetFamily::Cuda ? 256 : 64) << 20;
}

int64_t weightCopies(const std::vector<KernelArgument> &arguments, int64_t footprint) {
  constexpr int64_t mostCopies = 64;
  int64_t bytes = 4;
  for (const KernelArgument &argument : arguments)
    if (argument.role == KernelArgument::Role::Weight)
      bytes += elementBytes(argument.type) * argument.layout.packedElements();
  return std::clamp<int64_t>(footprint / bytes, 1, mostCopies);
}

/// `batch`, which says what all candidates have in common.
void writeBatch(llvm::raw_ostream &os, const Target &target, const std::vector<KernelArgument> &arguments,
                size_t candidates, int64_t scratch, const MeasuringOptions &options) {
  os << "extern const float " << expectedSymbol << "[];\nstatic const kernel_argument arguments[] = {\n";
  const char *roles[] = {"role_input", "role_weight", "role_output"};
  for (const KernelArgument &argument : arguments) {
    os << "  {" << roles[int(argument.role)] << ", " << argument.dimensions.size() << ", {";
    for (const BufferDimension &d : argument.dimensions)
      os << llvm::formatv("{{{0}, {1}, {2}, 0}, ", d.min, d.extent, d.stride);
    os << llvm::formatv("}, {0}, {1}, {2}, {3:e9}f, {4}},\n", tensorElements(argument),
                        argument.elementOffset, argument.layout.outputs, double(valueScale(argument)),
                        8 * elementBytes(argument.type));
  }
  os << llvm::formatv("};\nconst kernel_batch batch = {{{0}, {1}, arguments, {2}, {3}, {4}, {5}, {6}u, {7}, "
                      "{8}, {9:f6}, {10}, "
                      "{11:e3}};\n",
                      arguments.size(), candidates, expectedSymbol, scratch,
                      weightCopies(arguments, std::min(options.weightFootprint, mostFootprint(target))),
                      options.otherBytes, target.cpuFeatureBits, options.elementBits, options.rounds,
                      options.windowSeconds, options.limitSeconds, options.bound);
}

/// "{2, 3, 4}".
std::string extents(const std::array<uint32_t, 3> &values) {
  return llvm::formatv("{{{0}, {1}, {2}}", values[0], values[1], values[2]);
}

/// Launches and intermediates of candidate `index`.
void writeLaunches(llvm::raw_ostream &os, const DeviceKernel &candidate, size_t index) {
  for (auto [i, launch] : llvm::enumerate(candidate.launches)) {
    os << llvm::formatv("static const gpu_argument arguments_{0}_{1}[] = {{", index, i);
    for (const LaunchArgument &argument : launch.arguments)
      os << llvm::formatv("{{{0}, {1}ull}, ", argument.buffer,
                          argument.buffer < 0 ? argument.scalar : uint64_t(argument.byteOffset));
    os << "};\n";
  }
  os << llvm::formatv("static const gpu_launch launches_{0}[] = {{\n", index);
  for (auto [i, launch] : llvm::enumerate(candidate.launches))
    os << llvm::formatv("  {{\"{0}\", {1}, {2}, {3}, {4}, arguments_{5}_{6}},\n", launch.function,
                        extents(launch.grid), extents(launch.threads), launch.sharedBytes,
                        launch.arguments.size(), index, i);
  os << llvm::formatv("};\nstatic const uint64_t intermediates_{0}[] = {{", index);
  for (int64_t bytes : candidate.intermediateBytes)
    os << bytes << ", ";
  os << "0};\n";
}

} // namespace

std::string fasternet::tableText(const Target &target, llvm::ArrayRef<CompiledKernel> candidates,
                                 const MeasuringOptions &options) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "#include \"tune.h\"\n";
  int64_t scratch = 128;
  for (const CompiledKernel &candidate : candidates) {
    os << "int " << candidate.symbol << "(void);\n";
    scratch = std::max(scratch, candidate.callerScratchBytes + candidate.workerScratchBytes);
  }
  os << "const kernel_function candidates[] = {\n";
  for (const CompiledKernel &candidate : candidates)
    os << "  " << candidate.symbol << ",\n";
  os << "};\n";
  writeBatch(os, target, candidates.front().arguments, candidates.size(), scratch, options);
  return text;
}

std::string fasternet::imageSymbol(const DeviceKernel &candidate) {
  return candidate.symbol + "_image";
}

std::string fasternet::tableText(const Target &target, llvm::ArrayRef<DeviceKernel> candidates,
                                 const MeasuringOptions &options) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "#include \"cuda_tune.h\"\nconst char *const gpu_kernel = \"" << candidates.front().spec.text()
     << "\";\n";
  for (auto [i, candidate] : llvm::enumerate(candidates)) {
    os << "extern const char " << imageSymbol(candidate) << "[];\n";
    writeLaunches(os, candidate, i);
  }
  os << "const gpu_candidate gpu_candidates[] = {\n";
  for (auto [i, candidate] : llvm::enumerate(candidates))
    os << llvm::formatv("  {{\"{0}\", {1}, {2}, {3}, launches_{4}, intermediates_{4}},\n",
                        candidate.parameters, imageSymbol(candidate), candidate.launches.size(),
                        candidate.intermediateBytes.size(), i);
  os << "};\n";
  writeBatch(os, target, candidates.front().arguments, candidates.size(), /*scratch=*/0, options);
  return text;
}
