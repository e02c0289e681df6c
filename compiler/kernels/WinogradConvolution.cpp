#include "kernels/WinogradConvolution.h"

using namespace Halide;

namespace {

using Terms = std::vector<Expr>;

/// The weights of four products, from a window's three.
Terms mixWeights(const Terms &w) {
  const Expr outer = (w[0] + w[2]) * 0.5f, middle = w[1] * 0.5f;
  return {w[0], outer + middle, outer - middle, w[2]};
}

/// The inputs of four products, from the four of two pixels.
Terms mixInputs(const Terms &d) {
  return {d[0] - d[2], d[1] + d[2], d[2] - d[1], d[1] - d[3]};
}

/// The first or second of the two pixels that four products make.
Expr pixelOf(const Terms &m, const Expr &isFirst) {
  return select(isFirst, m[0] + m[1] + m[2], m[1] - m[2] - m[3]);
}

/// `mix` of values along a row, or of four of them along columns.
template <typename Mix, typename At> Terms mixed(Mix mix, int columns, int lines, At at) {
  std::vector<Terms> byColumn(4);
  for (int line = 0; line < lines; ++line) {
    Terms row;
    for (int column = 0; column < columns; ++column)
      row.push_back(at(column, line));
    const Terms terms = mix(row);
    for (size_t i = 0; i < 4; ++i)
      byColumn[i].push_back(terms[i]);
  }
  Terms all(lines == 1 ? 4 : 16);
  for (size_t i = 0; i < 4; ++i) {
    const Terms terms = lines == 1 ? byColumn[i] : mix(byColumn[i]);
    for (size_t j = 0; j < terms.size(); ++j)
      all[4 * j + i] = terms[j];
  }
  return all;
}

} // namespace

fasternet::WinogradConvolution::WinogradConvolution(const KernelSpec &spec, Form form,
                                                    const PackedAccess &packed, ImageParam input,
                                                    ImageParam weight)
    : terms(form == Form::Squares ? 16 : 4), height(form == Form::Squares ? 2 : 1),
      window(0, int(spec.partial), 0, form == Form::Squares ? 1 : 3, "window") {
  const bool squares = form == Form::Squares;
  auto tap = [&](int x, int y) { return weight(lane, channel, x, line + y, panel); };
  mixedWeight(lane, channel, term, line, panel) = mux(term, mixed(mixWeights, 3, squares ? 3 : 1, tap));

  // The last pair of an odd row has one pixel; the column that only its second would need does not exist. Of
  // lines likewise.
  auto last = [](const Expr &first, int i, int64_t end) -> Expr {
    return i == 3 ? min(first + 2, int(end)) : first + (i - 1);
  };
  auto value = [&](int i, int j) {
    const Expr row = squares ? last(y * 2, j, spec.height) : y;
    return input(channel, last(pair * 2, i, spec.width), row, n);
  };
  mixedInput(channel, term, pair, y, n) = mux(term, mixed(mixInputs, 4, squares ? 4 : 1, value));

  sum(c, pair, term, y, n) = 0.0f;
  sum(c, pair, term, y, n) += packed.weight(mixedWeight, c, window.x, term, window.y) *
                              mixedInput(window.x, term, pair, squares ? y : y + window.y - 1, n);
  products(c, pair, term, y, n) = sum(c, pair, term, y, n);
}

Expr fasternet::WinogradConvolution::pixel(Expr channel, Expr x, Expr y, Expr n) const {
  Terms columns;
  for (int i = 0; i < 4; ++i) {
    Terms lines;
    for (int j = 0; j < 4; ++j)
      lines.push_back(products(channel, x / 2, i + 4 * j, y / height, n));
    columns.push_back(height == 1 ? lines[0] : pixelOf(lines, y % 2 == 0));
  }
  return pixelOf(columns, x % 2 == 0);
}
