#include "device/PtxAssembler.h"
#include "device/DeviceTools.h"
#include "support/Diagnostics.h"
#include "support/Files.h"
#include "support/Process.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Object/ELFObjectFile.h"

using namespace fasternet;

const ResourceUsage *Cubin::find(llvm::StringRef function) const {
  for (const ResourceUsage &usage : functions)
    if (usage.function == function)
      return &usage;
  return nullptr;
}

/// The functions of the code that a launch can name.
static llvm::Expected<std::vector<std::string>> entriesOf(llvm::StringRef cubin) {
  constexpr uint8_t cudaEntry = 0x10; // of a symbol's st_other, which nvdisasm prints as STO_CUDA_ENTRY
  auto object = llvm::object::ObjectFile::createELFObjectFile(llvm::MemoryBufferRef(cubin, "cubin"));
  if (!object)
    return object.takeError();
  std::vector<std::string> names;
  for (const llvm::object::ELFSymbolRef symbol : (*object)->symbols()) {
    if (symbol.getELFType() != llvm::ELF::STT_FUNC || (symbol.getOther() & cudaEntry) == 0)
      continue;
    auto name = symbol.getName();
    if (!name)
      return name.takeError();
    names.push_back(name->str());
  }
  return names;
}

/// ptxas's own words, without the folder in which it found the PTX.
static llvm::Error refusal(const ProcessResult &result, llvm::StringRef ptxas, const std::string &folder,
                           const std::string &architecture) {
  std::string message = llvm::StringRef(result.err + result.out).trim().str();
  for (size_t at = message.find(folder); at != std::string::npos; at = message.find(folder, at))
    message.erase(at, folder.size());
  if (llvm::StringRef(message).contains("'" + architecture + "' is not defined"))
    message += "\n" + ptxas.str() + " does not know " + architecture +
               ": take it from another CUDA toolkit (13 has sm_75 and up, sm_90 came with 11.8)";
  return inputError("ptxas made no code for " + architecture + ":\n" + message);
}

llvm::Expected<Cubin> fasternet::assemblePtx(llvm::StringRef ptx, int64_t capability) {
  const std::optional<std::string> ptxas = findDeviceTool("ptxas");
  if (!ptxas)
    return inputError(missingDeviceTool("ptxas"));
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  const std::string source = folder->path("kernel.ptx"), output = folder->path("kernel.cubin");
  if (llvm::Error error = writeFile(source, ptx))
    return error;
  const std::string architecture = "sm_" + std::to_string(capability);
  auto result = runProcess({*ptxas, "-arch=" + architecture, "-O3", "-v", source, "-o", output});
  if (!result)
    return result.takeError();
  if (result->status != 0)
    return refusal(*result, *ptxas, folder->path(""), architecture);
  auto bytes = mapFile(output);
  if (!bytes)
    return bytes.takeError();

  Cubin cubin = {.capability = capability,
                 .bytes = (*bytes)->getBuffer().str(),
                 .functions = readResourceUsage(result->out + result->err)};
  auto entries = entriesOf(cubin.bytes);
  if (!entries)
    return entries.takeError();
  for (const std::string &entry : *entries)
    if (const ResourceUsage *usage = cubin.find(entry); !usage || usage->registers == 0)
      return inputError("ptxas reports no registers for function '" + entry + "', found:\n" + result->out +
                        result->err);
  return cubin;
}
