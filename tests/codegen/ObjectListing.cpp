#include "ObjectListing.h"

#include "llvm-c/Disassembler.h"
#include "llvm-c/Target.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <memory>

using namespace fasternet;

/// Without features: on AArch64 what is beyond ARMv8.0 is not decoded.
static void disassemble(llvm::StringRef code, const std::string &triple, std::set<std::string> &mnemonics) {
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86Disassembler();
  LLVMInitializeAArch64TargetInfo();
  LLVMInitializeAArch64TargetMC();
  LLVMInitializeAArch64Disassembler();
  std::unique_ptr<void, void (*)(void *)> context(
      LLVMCreateDisasm(triple.c_str(), nullptr, 0, nullptr, nullptr), LLVMDisasmDispose);
  std::string bytes = code.str();
  for (size_t at = 0; at < bytes.size();) {
    char text[256];
    const size_t length = LLVMDisasmInstruction(context.get(), reinterpret_cast<uint8_t *>(bytes.data()) + at,
                                                bytes.size() - at, at, text, sizeof text);
    if (length == 0)
      mnemonics.insert("(undecoded)");
    else
      mnemonics.insert(
          llvm::StringRef(text).trim().take_until([](char c) { return c == ' ' || c == '\t'; }).str());
    at += length ? length : 1;
  }
}

llvm::Expected<ObjectListing> fasternet::listObject(llvm::StringRef object) {
  auto file = llvm::object::ObjectFile::createObjectFile(llvm::MemoryBufferRef(object, "kernel"));
  if (!file)
    return file.takeError();
  ObjectListing listing;
  for (const llvm::object::SymbolRef &symbol : (*file)->symbols()) {
    auto flags = symbol.getFlags();
    if (!flags)
      return flags.takeError();
    auto name = symbol.getName();
    if (!name)
      return name.takeError();
    if ((*flags & llvm::object::SymbolRef::SF_Undefined) && !name->empty())
      listing.undefined.insert(name->str());
  }
  for (const llvm::object::SectionRef &section : (*file)->sections()) {
    if (!section.isText())
      continue;
    auto contents = section.getContents();
    if (!contents)
      return contents.takeError();
    disassemble(*contents, (*file)->makeTriple().str(), listing.mnemonics);
  }
  return listing;
}
