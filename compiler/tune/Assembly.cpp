#include "tune/Assembly.h"

#include "llvm/ADT/SmallVector.h"

using namespace fasternet;

namespace {

/// Where a line's comment begins: '#' on x86 (its immediates start with '$'), "//" on ARM (where '#' is one).
size_t commentStart(llvm::StringRef line, bool arm) {
  return arm ? line.find("//") : line.find('#');
}

/// "BB0_2" of "... Header=BB0_2 Depth=1", for the word before it.
llvm::StringRef wordAfter(llvm::StringRef comment, llvm::StringRef before) {
  const size_t at = comment.rfind(before);
  if (at == llvm::StringRef::npos)
    return {};
  return comment.drop_front(at + before.size()).take_while([](char c) { return c != ' ' && c != ':'; });
}

/// What a comment beside or below a label says of its block.
void readBlockComment(llvm::StringRef comment, AssemblyBlock &block) {
  if (const size_t name = comment.find("%\""); name != llvm::StringRef::npos && block.name.empty())
    block.name = comment.drop_front(name + 2).split('"').first;
  else if (const size_t plain = comment.find('%'); plain != llvm::StringRef::npos && block.name.empty())
    block.name = comment.drop_front(plain + 1).take_until([](char c) { return c == ' ' || c == ':'; });
  if (comment.contains("Parent Loop ")) // outermost first: the last one stays
    block.parent = wordAfter(comment, "Parent Loop ");
  if (comment.contains("Loop Header: Depth="))
    block.loop = block.label;
  if (comment.contains("This Inner Loop Header"))
    block.innermost = true;
  if (comment.contains("in Loop: Header="))
    block.loop = wordAfter(comment, "in Loop: Header=");
}

} // namespace

std::vector<AssemblyBlock> fasternet::readAssembly(llvm::StringRef text) {
  std::vector<AssemblyBlock> blocks;
  llvm::SmallVector<llvm::StringRef> lines;
  text.split(lines, '\n', -1, /*KeepEmpty=*/false);
  const bool arm = text.contains("// @");
  llvm::StringRef function;
  bool heading = false; // between a block's label and its first instruction
  for (llvm::StringRef line : lines) {
    const size_t start = commentStart(line, arm);
    const llvm::StringRef comment = start == llvm::StringRef::npos ? "" : line.drop_front(start);
    const llvm::StringRef code = line.take_front(start).rtrim();
    if (const size_t at = comment.find(arm ? "// @" : "# @"); at == 0 && code.ends_with(":")) {
      function = code.drop_back();
      continue;
    }
    if (comment.contains("End function"))
      function = {};
    if (function.empty())
      continue;
    const bool isLabel = code.starts_with(".L") && code.ends_with(":") && !code.starts_with(".Lfunc");
    const size_t anonymous = code.empty() ? comment.find("%bb.") : llvm::StringRef::npos;
    if (isLabel || anonymous != llvm::StringRef::npos) {
      AssemblyBlock block;
      block.function = function;
      block.label = isLabel ? code.drop_front(2).drop_back() : llvm::StringRef();
      blocks.push_back(block);
      heading = true;
      // The name of "# %bb.4:   # %"body"" follows the block's number.
      readBlockComment(isLabel ? comment : comment.drop_front(anonymous + 4).split(':').second,
                       blocks.back());
    } else if (code.empty() && heading && !blocks.empty()) {
      readBlockComment(comment, blocks.back());
    } else if (line.starts_with("\t") && !code.ltrim().starts_with(".") && !code.ltrim().empty() &&
               !blocks.empty()) {
      heading = false;
      blocks.back().instructions.push_back(code.trim());
      blocks.back().spills += comment.contains(" Spill") || comment.contains(" Reload");
    }
  }
  return blocks;
}
