#include "device/Disassembly.h"
#include "device/DeviceTools.h"
#include "support/Diagnostics.h"
#include "support/Files.h"
#include "support/Process.h"

#include "llvm/ADT/SmallVector.h"

using namespace fasternet;

/// The text between an instruction's address and its semicolon.
static MachineInstruction readInstruction(llvm::StringRef text) {
  MachineInstruction instruction;
  text = text.rsplit(';').first.trim();
  if (text.starts_with("@")) {
    instruction.predicated = true;
    text = text.split(' ').second.ltrim();
  }
  auto [opcode, operands] = text.split(' ');
  instruction.opcode = opcode;
  instruction.operands = operands.trim();
  return instruction;
}

std::vector<MachineFunction> fasternet::readDisassembly(llvm::StringRef text) {
  std::vector<MachineFunction> functions;
  llvm::SmallVector<llvm::StringRef> lines;
  text.split(lines, '\n', -1, /*KeepEmpty=*/false);
  bool inCode = false;
  for (llvm::StringRef line : lines) {
    llvm::StringRef section = line.trim();
    if (section.consume_front(".section\t")) {
      inCode = section.consume_front(".text.");
      if (inCode)
        functions.push_back({.name = section.take_until([](char c) { return c == ','; }).str()});
      continue;
    }
    if (!inCode)
      continue;
    MachineFunction &function = functions.back();
    llvm::StringRef code = line.trim();
    if (code.consume_front("/*"))
      function.instructions.push_back(readInstruction(code.split("*/").second));
    else if (code.consume_back(":"))
      function.labels.emplace(code, function.instructions.size());
  }
  return functions;
}

llvm::Expected<std::vector<MachineFunction>> fasternet::disassemble(llvm::StringRef cubin) {
  const std::optional<std::string> nvdisasm = findDeviceTool("nvdisasm");
  if (!nvdisasm)
    return inputError(missingDeviceTool("nvdisasm"));
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  const std::string path = folder->path("kernel.cubin");
  if (llvm::Error error = writeFile(path, cubin))
    return error;
  auto result = runProcess({*nvdisasm, "-c", path});
  if (!result)
    return result.takeError();
  if (result->status != 0)
    return inputError("nvdisasm cannot read the cubin: " + llvm::StringRef(result->err + result->out).trim());
  return readDisassembly(result->out);
}
