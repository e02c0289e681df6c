// Packed weights as an object file: the mapped file's bytes go straight into one section, without assembler
// text.
#include "emit/Emit.h"
#include "support/Diagnostics.h"
#include "support/Files.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/MC/MCAsmBackend.h"
#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCCodeEmitter.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCExpr.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCObjectFileInfo.h"
#include "llvm/MC/MCObjectWriter.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCSectionELF.h"
#include "llvm/MC/MCStreamer.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/MCSymbolELF.h"
#include "llvm/MC/MCTargetOptions.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"

#include <cstring>

using namespace fasternet;

namespace {

/// Appends to a string whose room was reserved: LLVM's own streams grow by doubling, which for 374 MB of
/// weights would cost that much again.
class ReservedStringStream : public llvm::raw_pwrite_stream {
public:
  explicit ReservedStringStream(std::string &bytes) : raw_pwrite_stream(/*Unbuffered=*/true), bytes(bytes) {}

private:
  void write_impl(const char *data, size_t size) override { bytes.append(data, size); }
  void pwrite_impl(const char *data, size_t size, uint64_t offset) override {
    std::memcpy(bytes.data() + offset, data, size);
  }
  uint64_t current_pos() const override { return bytes.size(); }

  std::string &bytes;
};

/// What the machine-code layer needs to know about a triple, in the order of construction.
struct MachineDescription {
  llvm::Triple triple;
  const llvm::Target *target;
  llvm::MCTargetOptions options;
  std::unique_ptr<llvm::MCRegisterInfo> registers;
  std::unique_ptr<llvm::MCAsmInfo> assembler;
  std::unique_ptr<llvm::MCInstrInfo> instructions;
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget;

  MachineDescription(const llvm::Triple &triple, const llvm::Target &target)
      : triple(triple), target(&target), registers(target.createMCRegInfo(triple)),
        assembler(target.createMCAsmInfo(*registers, triple, options)),
        instructions(target.createMCInstrInfo()), subtarget(target.createMCSubtargetInfo(triple, "", "")) {}
};

void emitSymbol(llvm::MCStreamer &streamer, llvm::MCContext &context, llvm::StringRef symbolName,
                llvm::StringRef bytes) {
  // A section of its own lets the linker drop weights that nothing refers to (-Wl,--gc-sections).
  streamer.switchSection(
      context.getELFSection(".rodata." + symbolName, llvm::ELF::SHT_PROGBITS, llvm::ELF::SHF_ALLOC));
  auto *symbol = static_cast<llvm::MCSymbolELF *>(context.getOrCreateSymbol(symbolName));
  streamer.emitValueToAlignment(llvm::Align(64));
  streamer.emitSymbolAttribute(symbol, llvm::MCSA_Global);
  streamer.emitSymbolAttribute(symbol, llvm::MCSA_Hidden);
  streamer.emitSymbolAttribute(symbol, llvm::MCSA_ELF_TypeObject);
  streamer.emitLabel(symbol);
  streamer.emitBytes(bytes);
  streamer.emitELFSize(symbol, llvm::MCConstantExpr::create(int64_t(bytes.size()), context));
  streamer.switchSection(context.getELFSection(".note.GNU-stack", llvm::ELF::SHT_PROGBITS, 0));
}

} // namespace

llvm::Expected<std::string> fasternet::embedFile(llvm::StringRef path, llvm::StringRef symbol,
                                                 llvm::StringRef tripleName) {
  llvm::InitializeAllTargetInfos();
  llvm::InitializeAllTargetMCs();
  llvm::Triple triple{llvm::Triple::normalize(tripleName)};
  std::string problem;
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, problem);
  if (!target || !triple.isOSBinFormatELF())
    return inputError("triple " + tripleName + ": expected an ELF target, such as x86_64-unknown-linux-gnu");
  auto file = mapFile(path);
  if (!file)
    return file.takeError();

  MachineDescription machine(triple, *target);
  llvm::MCContext context(triple, machine.assembler.get(), machine.registers.get(), machine.subtarget.get(),
                          /*Mgr=*/nullptr, &machine.options);
  std::unique_ptr<llvm::MCObjectFileInfo> sections(target->createMCObjectFileInfo(context, /*PIC=*/true));
  context.setObjectFileInfo(sections.get());

  std::string object;
  object.reserve((*file)->getBufferSize() + 4096);
  ReservedStringStream stream(object);
  std::unique_ptr<llvm::MCAsmBackend> backend(
      target->createMCAsmBackend(*machine.subtarget, *machine.registers, machine.options));
  std::unique_ptr<llvm::MCObjectWriter> writer = backend->createObjectWriter(stream);
  std::unique_ptr<llvm::MCCodeEmitter> emitter(target->createMCCodeEmitter(*machine.instructions, context));
  std::unique_ptr<llvm::MCStreamer> streamer(target->createMCObjectStreamer(
      triple, context, std::move(backend), std::move(writer), std::move(emitter), *machine.subtarget));
  emitSymbol(*streamer, context, symbol, (*file)->getBuffer());
  streamer->finish();
  if (context.hadError())
    return inputError(path + ": cannot be embedded as " + symbol);
  return object;
}
