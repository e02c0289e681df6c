#include "ObjectListing.h"

#include "llvm-c/Disassembler.h"
#include "llvm-c/Target.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <memory>

using namespace fasternet;

/// Without features what is beyond ARMv8.0 is not decoded on AArch64.
static void disassemble(llvm::StringRef code, const std::string &triple, const char *features,
                        ObjectListing &listing) {
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86Disassembler();
  LLVMInitializeAArch64TargetInfo();
  LLVMInitializeAArch64TargetMC();
  LLVMInitializeAArch64Disassembler();
  std::unique_ptr<void, void (*)(void *)> context(
      LLVMCreateDisasmCPUFeatures(triple.c_str(), "", features, nullptr, 0, nullptr, nullptr),
      LLVMDisasmDispose);
  std::string bytes = code.str();
  for (size_t at = 0; at < bytes.size();) {
    char text[256];
    const size_t length = LLVMDisasmInstruction(context.get(), reinterpret_cast<uint8_t *>(bytes.data()) + at,
                                                bytes.size() - at, at, text, sizeof text);
    const llvm::StringRef instruction = length == 0 ? "(undecoded)" : llvm::StringRef(text).trim();
    listing.instructions.push_back(instruction.str());
    listing.mnemonics.insert(instruction.take_until([](char c) { return c == ' ' || c == '\t'; }).str());
    at += length ? length : 1;
  }
}

llvm::Expected<ObjectListing> fasternet::listObject(llvm::StringRef object, const char *features) {
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
    disassemble(*contents, (*file)->makeTriple().str(), features, listing);
  }
  return listing;
}
