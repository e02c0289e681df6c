// The tuner's measuring program, from its parts to a program that needs no arguments.
#pragma once

#include "tune/MeasuringProgram.h"

namespace fasternet {

/// Compiles and links with `cc`, the C compiler of the machine that `triple` names.
llvm::Error linkMeasuringProgram(const std::string &cc, llvm::StringRef triple, const MeasuringParts &parts,
                                 const std::string &program);

} // namespace fasternet
