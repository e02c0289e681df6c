// Names of generated objects: what the linker sees outside a library is decided here and nowhere else.
#include "emit/Emit.h"
#include "support/Diagnostics.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/ObjCopy/ConfigManager.h"
#include "llvm/ObjCopy/ObjCopy.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace fasternet;
namespace object = llvm::object;

namespace {

/// What generated code may take from libc and libm: memory functions that LLVM puts in for loops, and
/// mathematics.
constexpr llvm::StringLiteral libraryNames[] = {"memcmp",
                                                "memcpy",
                                                "memmove",
                                                "memset",
                                                "ceil",
                                                "ceilf",
                                                "cos",
                                                "cosf",
                                                "erf",
                                                "erff",
                                                "exp",
                                                "exp2",
                                                "exp2f",
                                                "expf",
                                                "fabs",
                                                "fabsf",
                                                "floor",
                                                "floorf",
                                                "fma",
                                                "fmaf",
                                                "fmax",
                                                "fmaxf",
                                                "fmin",
                                                "fminf",
                                                "fmod",
                                                "fmodf",
                                                "log",
                                                "log2",
                                                "log2f",
                                                "logf",
                                                "nearbyint",
                                                "nearbyintf",
                                                "pow",
                                                "powf",
                                                "rint",
                                                "rintf",
                                                "round",
                                                "roundf",
                                                "sin",
                                                "sinf",
                                                "sqrt",
                                                "sqrtf",
                                                "tanh",
                                                "tanhf",
                                                "trunc",
                                                "truncf",
                                                "_GLOBAL_OFFSET_TABLE_"};

const SymbolRename runtimeNames[] = {{"halide_do_par_for", "fnet_internal_do_par_for"},
                                     {"halide_free", "fnet_internal_free"},
                                     {"halide_malloc", "fnet_internal_malloc"}};

/// The decisions for one object, by the symbols' names in the object.
struct Plan {
  llvm::StringMap<std::string> newNames;
  llvm::StringSet<> hidden;
  std::vector<std::string> foreign;
};

class Planner {
public:
  Planner(llvm::ArrayRef<SymbolRename> renames, llvm::ArrayRef<std::string> publicSymbols,
          llvm::StringRef prefix)
      : prefix(prefix) {
    for (const SymbolRename &rename : renames)
      renamed[rename.from] = rename.to;
    for (const std::string &name : publicSymbols)
      publicNames.insert(name);
    for (llvm::StringRef name : libraryNames)
      allowed.insert(name);
  }

  void add(llvm::StringRef name, bool defined) {
    std::string newName = name.str();
    if (auto entry = renamed.find(name); entry != renamed.end())
      newName = entry->second;
    else if (defined && !publicNames.contains(name) && !name.starts_with(prefix))
      newName = (prefix + name).str();
    if (newName != name)
      plan.newNames[name] = newName;

    llvm::StringRef seen = newName;
    bool ours = seen.starts_with(prefix) || seen.starts_with("fnet_internal_");
    if (publicNames.contains(seen))
      return;
    if (defined || ours)
      plan.hidden.insert(name);
    else if (!allowed.contains(seen))
      plan.foreign.push_back(newName);
  }

  Plan plan;

private:
  llvm::StringRef prefix;
  llvm::StringMap<std::string> renamed;
  llvm::StringSet<> publicNames, allowed;
};

llvm::Expected<Plan> planFor(const object::ELFObjectFileBase &file, Planner planner) {
  for (const object::ELFSymbolRef symbol : file.symbols()) {
    llvm::Expected<uint32_t> flags = symbol.getFlags();
    if (!flags)
      return flags.takeError();
    if (!(*flags &
          (object::SymbolRef::SF_Global | object::SymbolRef::SF_Weak | object::SymbolRef::SF_Undefined)))
      continue;
    llvm::Expected<llvm::StringRef> name = symbol.getName();
    if (!name)
      return name.takeError();
    if (!name->empty())
      planner.add(*name, !(*flags & object::SymbolRef::SF_Undefined));
  }
  return std::move(planner.plan);
}

llvm::Expected<std::string> apply(const Plan &plan, object::Binary &file) {
  llvm::objcopy::ConfigManager config;
  for (const auto &entry : plan.newNames)
    config.Common.SymbolsToRename[entry.first()] = entry.second;
  llvm::objcopy::NameMatcher hidden;
  auto fail = [](llvm::Error error) { return error; };
  for (const auto &entry : plan.hidden)
    if (llvm::Error error = hidden.addMatcher(
            llvm::objcopy::NameOrPattern::create(entry.first(), llvm::objcopy::MatchStyle::Literal, fail)))
      return error;
  // Before the move: the matcher holds references to names that `plan` owns.
  config.ELF.SymbolsToSetVisibility.emplace_back(std::move(hidden), uint8_t(llvm::ELF::STV_HIDDEN));

  llvm::SmallString<0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  if (llvm::Error error = llvm::objcopy::executeObjcopyOnBinary(config, file, stream))
    return error;
  return bytes.str().str();
}

llvm::Expected<std::unique_ptr<object::Binary>> openElf(llvm::StringRef bytes) {
  auto file = object::createBinary(llvm::MemoryBufferRef(bytes, "object"));
  if (!file)
    return file.takeError();
  if (!llvm::isa<object::ELFObjectFileBase>(**file))
    return inputError("generated code is not an ELF object");
  return file;
}

} // namespace

llvm::ArrayRef<SymbolRename> fasternet::kernelRenames() {
  return runtimeNames;
}

llvm::Expected<std::string> fasternet::rewriteSymbols(llvm::StringRef bytes,
                                                      llvm::ArrayRef<SymbolRename> renames,
                                                      llvm::ArrayRef<std::string> publicSymbols,
                                                      llvm::StringRef prefix) {
  auto file = openElf(bytes);
  if (!file)
    return file.takeError();
  llvm::Expected<Plan> plan =
      planFor(llvm::cast<object::ELFObjectFileBase>(**file), Planner(renames, publicSymbols, prefix));
  if (!plan)
    return plan.takeError();
  if (!plan->foreign.empty())
    return inputError("generated code refers to " + llvm::join(plan->foreign, ", ") +
                      "; allowed are the runtime's fnet_internal_ names, names beginning with " + prefix +
                      ", and functions of libc and libm");
  return apply(*plan, **file);
}

llvm::Expected<int64_t> fasternet::codeBytes(llvm::StringRef bytes) {
  auto file = openElf(bytes);
  if (!file)
    return file.takeError();
  int64_t total = 0;
  for (const object::ELFSectionRef section : llvm::cast<object::ELFObjectFileBase>(**file).sections())
    if (section.getFlags() & llvm::ELF::SHF_ALLOC)
      total += int64_t(section.getSize());
  return total;
}
