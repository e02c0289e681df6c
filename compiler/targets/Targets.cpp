// The table of named targets, and which of them this machine satisfies.
#include "targets/Targets.h"
#include "targets/Cpus.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/TargetParser/Host.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <cstring>
#endif

using namespace fasternet;

namespace {

/// The FNET_CPU_* bits of runtime/include/fasternet/abi.h, which a test compares.
enum CpuFeature : uint64_t {
  X86_64_V2 = 1 << 0,
  X86_64_V3 = 1 << 1,
  X86_64_V4 = 1 << 2,
  AVX512_VNNI = 1 << 3,
  AVX512_BF16 = 1 << 4,
  AVX_VNNI = 1 << 5,
  AMX = 1 << 6,
  VENDOR_AMD = 1 << 7,
  VENDOR_INTEL = 1 << 8,
  AARCH64 = 1 << 16,
  AARCH64_FP16 = 1 << 17,
  NoCpu = 0, ///< a GPU's code runs on none
};

#if defined(__x86_64__)
uint64_t hostVendor() {
  unsigned leaf = 0, words[3] = {};
  if (!__get_cpuid(0, &leaf, &words[0], &words[2], &words[1]))
    return 0;
  char vendor[13] = {};
  std::memcpy(vendor, words, 12);
  return llvm::StringRef(vendor) == "AuthenticAMD"   ? VENDOR_AMD
         : llvm::StringRef(vendor) == "GenuineIntel" ? uint64_t(VENDOR_INTEL)
                                                     : 0;
}

uint64_t hostFeatures() {
  // LLVM reports the vector extensions only where the operating system saves their registers.
  const llvm::StringMap<bool> host = llvm::sys::getHostCPUFeatures();
  auto has = [&](std::initializer_list<llvm::StringRef> names) {
    return llvm::all_of(names, [&](llvm::StringRef name) { return host.lookup(name); });
  };
  uint64_t features = hostVendor();
  if (!has({"cx16", "sahf", "popcnt", "sse3", "ssse3", "sse4.1", "sse4.2"}))
    return features;
  features |= X86_64_V2;
  if (!has({"avx", "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe"}))
    return features;
  features |= X86_64_V3 | (has({"avxvnni"}) ? uint64_t(AVX_VNNI) : 0);
  if (!has({"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}))
    return features;
  return features | X86_64_V4 | (has({"avx512vnni"}) ? uint64_t(AVX512_VNNI) : 0) |
         (has({"avx512bf16"}) ? uint64_t(AVX512_BF16) : 0) |
         (has({"amx-tile", "amx-bf16"}) ? uint64_t(AMX) : 0);
}
#elif defined(__aarch64__)
uint64_t hostFeatures() {
  const llvm::StringMap<bool> host = llvm::sys::getHostCPUFeatures();
  return (host.lookup("neon") ? uint64_t(AARCH64) : 0) |
         (host.lookup("fullfp16") ? uint64_t(AARCH64_FP16) : 0);
}
#else
uint64_t hostFeatures() {
  return 0;
}
#endif

} // namespace

llvm::StringRef fasternet::isaName(Isa isa) {
  switch (isa) {
  case Isa::SSE4:
    return "sse4";
  case Isa::AVX2:
    return "avx2";
  case Isa::AVX512:
    return "avx512";
  case Isa::NEON:
    return "neon";
  case Isa::SM75:
    return "sm75";
  case Isa::SM80:
    return "sm80";
  case Isa::SM86:
    return "sm86";
  case Isa::SM89:
    return "sm89";
  case Isa::SM90:
    return "sm90";
  }
  llvm_unreachable("covered switch");
}

llvm::ArrayRef<Target> fasternet::allTargets() {
#define FASTERNET_TARGET(name, family, isa, triple, features, floats, registers, tuneFor, summary)           \
  tunedFor({name, TargetFamily::family, Isa::isa, triple, #features, uint64_t(features), floats, registers,  \
            0, 0, 0, 1, false, "", summary},                                                                 \
           *findCpu(tuneFor)),
  static const Target targets[] = {
#include "targets/Targets.def"
  };
#undef FASTERNET_TARGET
  return targets;
}

bool Target::hasHalfPrecision() const {
  return (cpuFeatureBits & AARCH64_FP16) != 0 || family == TargetFamily::Cuda;
}

int64_t Target::computeCapability() const {
  int64_t capability = 0;
  llvm::StringRef digits = isaName(isa);
  return digits.consume_front("sm") && !digits.getAsInteger(10, capability) ? capability : 0;
}

/// CUDA C++ Programming Guide, technical specifications per compute capability.
int64_t Target::blockSharedBytes() const {
  switch (isa) {
  case Isa::SM75:
    return int64_t(64) * 1024;
  case Isa::SM80:
    return int64_t(163) * 1024;
  case Isa::SM86:
  case Isa::SM89:
    return int64_t(99) * 1024;
  case Isa::SM90:
    return int64_t(227) * 1024;
  default:
    return 0;
  }
}

const Target *fasternet::findTarget(llvm::StringRef name) {
  for (const Target &target : allTargets())
    if (target.name == name)
      return &target;
  return nullptr;
}

bool fasternet::isHostFamily(const Target &target) {
#if defined(__x86_64__)
  return target.family == TargetFamily::X86;
#elif defined(__aarch64__)
  return target.family == TargetFamily::Arm;
#else
  return false;
#endif
}

const Target *fasternet::hostTarget() {
  static const uint64_t features = hostFeatures();
  for (const Target &target : allTargets())
    if (isHostFamily(target) && (target.cpuFeatureBits & ~features) == 0)
      return &target;
  return nullptr;
}
