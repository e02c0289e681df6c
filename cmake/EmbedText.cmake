# Writes a C++ table of text files:
#   cmake -DROOT=dir -DFILES=a,b,c -DHEADER=emit/Emit.h -DTYPE=RuntimeFile -DFUNCTION=runtimeFiles -DOUTPUT=out.cpp
#         -P EmbedText.cmake
# HEADER declares, in namespace fasternet, TYPE {path, text} and ArrayRef<TYPE> FUNCTION(). Paths are relative to ROOT
# and come sorted.
string(REPLACE "," ";" FILES "${FILES}")
set(text "// Generated from files of the source tree.\n#include \"${HEADER}\"\n\n")
string(APPEND text "static const fasternet::${TYPE} files[] = {\n")
foreach(file IN LISTS FILES)
  file(READ "${ROOT}/${file}" content)
  string(APPEND text "    {\"${file}\", R\"fasternet(${content})fasternet\"},\n")
endforeach()
string(APPEND text "};\n\nllvm::ArrayRef<fasternet::${TYPE}> fasternet::${FUNCTION}() { return files; }\n")
file(WRITE "${OUTPUT}" "${text}")
