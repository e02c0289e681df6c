#include "driver/DeviceReport.h"
#include "device/Occupancy.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace fasternet;

namespace {

/// 98x3, without the dimensions of one behind the last other.
std::string extentText(const std::array<uint32_t, 3> &extent) {
  std::string text = std::to_string(extent[0]);
  for (size_t i = 1; i < 3 && (extent[1] > 1 || extent[2] > 1); ++i)
    if (i == 1 || extent[2] > 1)
      text += "x" + std::to_string(extent[i]);
  return text;
}

/// "FFMA 78.4%", with a star where that is of the whole function.
std::string productText(const DeviceCode &code, llvm::StringRef name) {
  auto function = llvm::find_if(code.functions, [&](const FunctionMix &mix) { return mix.function == name; });
  if (function == code.functions.end())
    return "-";
  const std::optional<ProductShare> product = productShare(*function);
  if (!product)
    return "none";
  return llvm::formatv("{0} {1,5:f1}%{2}", product->opcode, 100 * product->share,
                       product->wholeFunction ? "*" : "");
}

void printLaunch(llvm::raw_ostream &os, const DeviceCode &code, const DeviceLaunch &launch, size_t width) {
  os << "  " << llvm::left_justify(launch.function, unsigned(width))
     << llvm::formatv("{0,12}{1,10}", extentText(launch.grid), extentText(launch.threads));
  const ResourceUsage *usage = code.cubin ? code.cubin->find(launch.function) : nullptr;
  if (!usage) {
    os << llvm::formatv("{0,6}{1,9}{0,7}{0,8}{0,13}{0,8}{0,7}  {0}\n", "-", launch.sharedBytes);
    return;
  }
  const int64_t shared = usage->sharedBytes + launch.sharedBytes;
  os << llvm::formatv("{0,6}{1,9}{2,7}{3,8}{4,13}", usage->registers, shared, usage->stackBytes,
                      usage->spillStoreBytes + usage->spillLoadBytes, productText(code, launch.function));
  const int64_t threads = int64_t(launch.threads[0]) * launch.threads[1] * launch.threads[2];
  if (auto occupancy = theoreticalOccupancy(code.cubin->capability, threads, usage->registers, shared))
    os << llvm::formatv("{0,8}{1,6:f1}%  {2}\n", occupancy->blocks, 100 * occupancy->share,
                        limitName(occupancy->limit));
  else
    os << llvm::formatv("{0,8}{0,7}  {0}\n", "-");
}

} // namespace

void fasternet::printDeviceReport(llvm::raw_ostream &os, llvm::ArrayRef<DeviceCode> code) {
  size_t width = 34;
  bool anyWhole = false;
  for (const DeviceCode &one : code)
    for (const DeviceLaunch &launch : one.kernel->launches) {
      width = std::max(width, launch.function.size());
      anyWhole |= llvm::StringRef(productText(one, launch.function)).ends_with("*");
    }
  os << "  " << llvm::left_justify("kernel", unsigned(width))
     << llvm::formatv("{0,12}{1,10}{2,6}{3,9}{4,7}{5,8}{6,13}{7,8}{8,7}  {9}\n", "grid", "block", "regs",
                      "shared", "stack", "spills", "inner loop", "blocks", "warps", "limit");
  for (const DeviceCode &one : code) {
    os << one.kernel->spec.text() << ", " << one.kernel->target << '\n';
    for (const DeviceLaunch &launch : one.kernel->launches)
      printLaunch(os, one, launch, width);
  }
  if (anyWhole)
    os << "* unrolled, no loop multiplies: the share of the whole function\n";
}
