// Real machine code: an ELF file whose sections name the kernels and describe their parameters. What is read
// here is what ptxas of CUDA 13 writes; older ones keep the capability elsewhere.
#include "FakeDriverState.h"

#include <cstring>
#include <elf.h>

namespace {

// Of a section .nv.info.<kernel>: records of a format, an attribute, and two bytes of value or of length.
constexpr unsigned char valueOfLength = 4, kernelParameter = 0x17;
/// Index, ordinal, offset, then flags: the upper 14 bits are the parameter's bytes.
struct ParameterRecord {
  uint32_t index;
  uint16_t ordinal, offset;
  uint32_t flags;
};

std::vector<size_t> parametersOf(const unsigned char *info, size_t bytes) {
  std::vector<size_t> parameters;
  for (size_t at = 0; at + 4 <= bytes;) {
    uint16_t length;
    memcpy(&length, info + at + 2, sizeof length);
    if (info[at] == valueOfLength && info[at + 1] == kernelParameter) {
      ParameterRecord record;
      memcpy(&record, info + at + 4, sizeof record);
      parameters.resize(std::max(parameters.size(), size_t(record.ordinal) + 1));
      parameters[record.ordinal] = record.flags >> 18;
    }
    at += 4 + (info[at] == valueOfLength ? length : 0);
  }
  return parameters;
}

} // namespace

fake_driver::Image fake_driver::parseCubin(const unsigned char *data) {
  Elf64_Ehdr header;
  memcpy(&header, data, sizeof header);
  // LLVM's ELF.h: EF_CUDA_SM_MASK from ELFABIVERSION_CUDA_V2 on, EF_CUDA_SM before.
  const unsigned shift = header.e_ident[EI_ABIVERSION] >= 8 ? 8 : 0;
  Image image{};
  image.machineCode = true;
  image.capability = int(header.e_flags >> shift & 0xff);
  image.head = "CUBIN " + std::to_string(image.capability);
  std::vector<Elf64_Shdr> sections(header.e_shnum);
  memcpy(sections.data(), data + header.e_shoff, sections.size() * sizeof(Elf64_Shdr));
  const char *names = reinterpret_cast<const char *>(data) + sections.at(header.e_shstrndx).sh_offset;
  const std::string prefix = ".nv.info.";
  for (const Elf64_Shdr &section : sections)
    if (const std::string name = names + section.sh_name; name.starts_with(prefix))
      image.kernels.push_back({name.substr(prefix.size()),
                               parametersOf(data + section.sh_offset, section.sh_size), /*isCompiled=*/true});
  return image;
}
