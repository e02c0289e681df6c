#include "kernels/ProductSum.h"
#include "kernels/PackedAccess.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace Halide;

/// Pieces of equal size, as few as keep to mostHalfTerms, of whole vectors where that is possible. A number of
/// channels without such divisors stays whole.
static int64_t piecesOf(int64_t channels) {
  constexpr int64_t vector = 8, leastTerms = 32;
  for (int64_t multiple : {vector, int64_t(1)})
    for (auto pieces = int64_t(llvm::divideCeil(channels, fasternet::mostHalfTerms));
         channels / pieces >= leastTerms; ++pieces)
      if (channels % (pieces * multiple) == 0)
        return pieces;
  return 1;
}

fasternet::ProductSum::ProductSum(const std::string &name, ElementType type, const std::vector<Var> &at,
                                  Expr start, const std::vector<Terms> &groups, bool mayCut)
    : sum(name) {
  const bool isCut = mayCut && type == ElementType::F16 &&
                     llvm::any_of(groups, [](const Terms &terms) { return terms.count() > mostHalfTerms; });
  sum(at) = isCut ? cast<float>(start) : start;
  for (const Terms &terms : groups) {
    if (isCut)
      addHalfChunks(at, terms, halideType(type));
    else if (terms.pieces > 1)
      addPieces(at, terms, halideType(type));
    else
      addWhole(at, terms);
  }
}

void fasternet::ProductSum::addWhole(const std::vector<Var> &at, const Terms &terms) {
  Part part;
  part.accumulator = sum;
  Region region = {Range(int(terms.first), int(terms.channels))};
  if (terms.hasWindow()) {
    region.emplace_back(0, int(terms.width));
    region.emplace_back(0, int(terms.height));
  }
  part.domain = RDom(region, terms.name);
  const RDom &d = part.domain;
  sum(at) += terms.hasWindow() ? terms.product(d[0], d[1], d[2]) : terms.product(d[0], 0, 0);
  parts.push_back(part);
}

/// Whole windows of a part of the channels.
void fasternet::ProductSum::addPieces(const std::vector<Var> &at, const Terms &terms, Type type) {
  addChunks(at, terms, type, terms.pieces, terms.hasWindow() ? terms.width : 1,
            terms.hasWindow() ? terms.height : 1);
}

/// Of a window first the rows are apart, then the columns; then the channels are cut.
void fasternet::ProductSum::addHalfChunks(const std::vector<Var> &at, const Terms &terms, Type type) {
  const int64_t width = terms.hasWindow() ? terms.width : 1, height = terms.hasWindow() ? terms.height : 1;
  const int64_t columns = terms.channels * width <= mostHalfTerms ? width : 1;
  const int64_t rows = terms.count() <= mostHalfTerms ? height : 1;
  addChunks(at, terms, type, terms.channels > mostHalfTerms ? piecesOf(terms.channels) : 1, columns, rows);
}

/// A chunk is `columns` x `rows` of the window of one of the pieces of the channels.
void fasternet::ProductSum::addChunks(const std::vector<Var> &at, const Terms &terms, Type type, int64_t pieces,
                                      int64_t columns, int64_t rows) {
  const int64_t width = terms.hasWindow() ? terms.width : 1, height = terms.hasWindow() ? terms.height : 1;
  const int64_t channels = terms.channels / pieces;

  Part part;
  part.accumulator = Func(terms.name + "_chunk");
  part.domain = RDom(Region{Range(0, int(channels)), Range(0, int(columns)), Range(0, int(rows))}, terms.name);
  const RDom &d = part.domain;
  // One loop for each, since what lies under a quotient or a remainder has no bounds that Halide could prove.
  Var piece("piece"), column("column"), row("row");
  std::vector<Var> chunkAt = at;
  chunkAt.insert(chunkAt.end(), {piece, column, row});
  part.accumulator(chunkAt) = cast(type, 0.0f);
  const Expr channel = terms.interleaved ? d[0] * int(pieces) + piece : piece * int(channels) + d[0];
  part.accumulator(chunkAt) += terms.product(int(terms.first) + channel,
                                             column * int(columns) + d[1], row * int(rows) + d[2]);

  part.chunks = RDom(
      Region{Range(0, int(pieces)), Range(0, int(width / columns)), Range(0, int(height / rows))},
      terms.name + "_chunks");
  const RDom &k = *part.chunks;
  std::vector<Expr> position(at.begin(), at.end());
  position.insert(position.end(), {k[0], k[1], k[2]});
  sum(at) += cast<float>(part.accumulator(position));
  parts.push_back(part);
}
