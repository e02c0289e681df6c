# Writes a C++ table of text files: cmake -DROOT=dir -DFILES=a,b,c -DOUTPUT=out.cpp -P EmbedText.cmake
# Paths are relative to ROOT and come sorted from the list in this folder's CMakeLists.txt.
string(REPLACE "," ";" FILES "${FILES}")
set(text "// Generated from the files of runtime/.\n#include \"emit/Emit.h\"\n\n")
string(APPEND text "static const fasternet::RuntimeFile files[] = {\n")
foreach(file IN LISTS FILES)
  file(READ "${ROOT}/${file}" content)
  string(APPEND text "    {\"${file}\", R\"fasternet(${content})fasternet\"},\n")
endforeach()
string(APPEND text "};\n\nllvm::ArrayRef<fasternet::RuntimeFile> fasternet::runtimeFiles() { return files; }\n")
file(WRITE "${OUTPUT}" "${text}")
