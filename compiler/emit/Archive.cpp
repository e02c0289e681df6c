// Static libraries through LLVM's archive writer, in the GNU form that every linker of the targets reads.
#include "emit/Emit.h"
#include "support/Diagnostics.h"

#include "llvm/Object/ArchiveWriter.h"

using namespace fasternet;

llvm::Error fasternet::writeStaticLibrary(llvm::StringRef path, llvm::ArrayRef<ArchiveMember> members) {
  std::vector<llvm::NewArchiveMember> archived;
  for (const ArchiveMember &member : members)
    archived.emplace_back(llvm::MemoryBufferRef(member.object, member.name));
  std::string warnings;
  auto collect = [&](llvm::Error warning) { warnings += llvm::toString(std::move(warning)) + "\n"; };
  // Deterministic: no dates, owners or modes of this machine. The writer renames a temporary file into place.
  llvm::Error error = llvm::writeArchive(path, archived, llvm::SymtabWritingMode::NormalSymtab,
                                         llvm::object::Archive::K_GNU, /*Deterministic=*/true, /*Thin=*/false,
                                         /*OldArchiveBuf=*/nullptr, /*IsEC=*/std::nullopt, collect);
  if (error)
    return inputError(path + ": " + llvm::toString(std::move(error)));
  // The writer warns about members that it cannot read symbols from: such a library would not link.
  if (!warnings.empty())
    return inputError(path + ": " + llvm::StringRef(warnings).rtrim());
  return llvm::Error::success();
}
