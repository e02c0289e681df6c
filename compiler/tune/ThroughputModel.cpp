#include "tune/ThroughputModel.h"
#include "support/Diagnostics.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCInstrAnalysis.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCObjectFileInfo.h"
#include "llvm/MC/MCParser/MCAsmParser.h"
#include "llvm/MC/MCParser/MCTargetAsmParser.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCStreamer.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/MCTargetOptions.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/MCA/Context.h"
#include "llvm/MCA/CustomBehaviour.h"
#include "llvm/MCA/InstrBuilder.h"
#include "llvm/MCA/Pipeline.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"

#include <mutex>

using namespace llvm;

namespace {

void initializeTargets() {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmParser();
    LLVMInitializeAArch64TargetInfo();
    LLVMInitializeAArch64TargetMC();
    LLVMInitializeAArch64AsmParser();
  });
}

/// Keeps the instructions that an assembly parser reads, and nothing else.
class InstructionCollector : public MCStreamer {
public:
  explicit InstructionCollector(MCContext &context) : MCStreamer(context) {}
  std::vector<MCInst> instructions;

  void emitInstruction(const MCInst &instruction, const MCSubtargetInfo &) override {
    instructions.push_back(instruction);
  }
  bool emitSymbolAttribute(MCSymbol *, MCSymbolAttr) override { return true; }
  void emitCommonSymbol(MCSymbol *, uint64_t, Align) override {}
};

/// Walks over a trace whose parts repeat.
class TraceSource : public mca::SourceMgr {
public:
  TraceSource(ArrayRef<UniqueInst> all, ArrayRef<fasternet::ThroughputModel::Part> trace) : all(all) {
    for (const auto &part : trace)
      for (size_t repeat = 0; repeat < part.repeats; ++repeat)
        for (size_t i = 0; i < part.code.count; ++i)
          order.push_back(uint32_t(part.code.first + i));
  }
  ArrayRef<UniqueInst> getInstructions() const override { return all; }
  size_t size() const override { return order.size(); }
  bool hasNext() const override { return current < order.size(); }
  bool isEnd() const override { return !hasNext(); }
  mca::SourceRef peekNext() const override { return {current, *all[order[current]]}; }
  void updateNext() override { ++current; }

private:
  ArrayRef<UniqueInst> all;
  std::vector<uint32_t> order;
  unsigned current = 0;
};

} // namespace

struct fasternet::ThroughputModel::State {
  const llvm::Target *target;
  MCTargetOptions options;
  std::unique_ptr<MCRegisterInfo> registers;
  std::unique_ptr<MCAsmInfo> assembly;
  std::unique_ptr<MCInstrInfo> instructions;
  std::unique_ptr<MCSubtargetInfo> subtarget;
  std::unique_ptr<MCInstrAnalysis> analysis;
  std::unique_ptr<mca::InstrumentManager> instruments;
  std::unique_ptr<mca::InstrBuilder> builder;
  std::vector<std::unique_ptr<mca::Instruction>> code;
  std::vector<std::vector<MCInst>> sources; ///< the builder remembers variants by their address
};

fasternet::ThroughputModel::ThroughputModel(std::unique_ptr<State> state) : state(std::move(state)) {}
fasternet::ThroughputModel::ThroughputModel(ThroughputModel &&) = default;
fasternet::ThroughputModel::~ThroughputModel() = default;

Expected<fasternet::ThroughputModel> fasternet::ThroughputModel::create(const Target &target,
                                                                        const Cpu &cpu) {
  initializeTargets();
  auto s = std::make_unique<State>();
  std::string error;
  const Triple triple(target.triple);
  s->target = TargetRegistry::lookupTarget(triple, error);
  if (!s->target)
    return inputError("LLVM: " + error);
  s->registers.reset(s->target->createMCRegInfo(triple));
  s->assembly.reset(s->target->createMCAsmInfo(*s->registers, triple, s->options));
  s->instructions.reset(s->target->createMCInstrInfo());
  // The assembly parser takes what the target has, though the pipeline be that of a CPU without it.
  const StringRef features = target.hasHalfPrecision() ? "+fullfp16" : "";
  s->subtarget.reset(s->target->createMCSubtargetInfo(triple, cpu.pipeline, features));
  s->analysis.reset(s->target->createMCInstrAnalysis(s->instructions.get()));
  if (!s->subtarget->getSchedModel().hasInstrSchedModel())
    return inputError("LLVM has no model of the pipeline of '" + cpu.name + "'");
  s->instruments = std::make_unique<mca::InstrumentManager>(*s->subtarget, *s->instructions);
  constexpr unsigned callLatency = 100;
  s->builder = std::make_unique<mca::InstrBuilder>(*s->subtarget, *s->instructions, *s->registers,
                                                   s->analysis.get(), *s->instruments, callLatency);
  return ThroughputModel(std::move(s));
}

Expected<fasternet::ThroughputModel::Code> fasternet::ThroughputModel::read(ArrayRef<StringRef> lines) {
  State &s = *state;
  SourceMgr sources;
  sources.AddNewSourceBuffer(MemoryBuffer::getMemBufferCopy(join(lines, "\n") + "\n"), SMLoc());
  std::string messages;
  sources.setDiagHandler(
      [](const SMDiagnostic &diagnostic, void *text) {
        *static_cast<std::string *>(text) +=
            diagnostic.getMessage().str() + ": " + diagnostic.getLineContents().str() + "; ";
      },
      &messages);
  MCContext context(s.subtarget->getTargetTriple(), s.assembly.get(), s.registers.get(), s.subtarget.get(),
                    &sources, &s.options);
  std::unique_ptr<MCObjectFileInfo> sections(s.target->createMCObjectFileInfo(context, /*PIC=*/true));
  context.setObjectFileInfo(sections.get());
  InstructionCollector collector(context);
  std::unique_ptr<MCAsmParser> parser(createMCAsmParser(sources, context, collector, *s.assembly));
  std::unique_ptr<MCTargetAsmParser> targetParser(
      s.target->createMCAsmParser(*s.subtarget, *parser, *s.instructions, s.options));
  parser->setTargetParser(*targetParser);
  if (parser->Run(/*NoInitialTextSection=*/false))
    return inputError("cannot read the kernel's assembly: " + messages);

  Code code{s.code.size(), 0};
  s.sources.push_back(std::move(collector.instructions));
  for (const MCInst &instruction : s.sources.back()) {
    const MCInstrDesc &description = s.instructions->get(instruction.getOpcode());
    if (description.isCall() || description.isReturn())
      continue; // not modelled; a kernel makes few of them
    auto built = s.builder->createInstruction(instruction, {});
    if (!built) {
      consumeError(built.takeError());
      continue;
    }
    s.code.push_back(std::move(*built));
    ++code.count;
  }
  return code;
}

Expected<double> fasternet::ThroughputModel::cycles(ArrayRef<Part> trace) {
  State &s = *state;
  TraceSource source(s.code, trace);
  if (source.size() == 0)
    return 0;
  mca::Context context(*s.registers, *s.subtarget);
  mca::CustomBehaviour behaviour(*s.subtarget, source, *s.instructions);
  const mca::PipelineOptions options(0, 0, 0, 0, 0, 0, /*NoAlias=*/true);
  auto pipeline = context.createDefaultPipeline(options, source, behaviour);
  auto cycles = pipeline->run();
  if (!cycles)
    return cycles.takeError();
  return double(*cycles);
}
