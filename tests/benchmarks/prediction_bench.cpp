// prediction-bench TARGET CPU RECORDS: how well the static cost of schedules ranks what a tuning run
// measured. For each kernel of a records file: Spearman's rank correlation of predicted cycles and measured
// times, and how much longer than the fastest the best-predicted one, and the best of the 6 best-predicted
// ones, took.
#include "targets/Cpus.h"
#include "tune/Record.h"
#include "tune/SearchSubject.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>
#include <cmath>

using namespace fasternet;

namespace {

struct Point {
  double measured = 0, predicted = 0;
};

std::vector<double> ranks(llvm::ArrayRef<double> values) {
  std::vector<double> ranks;
  for (double value : values)
    ranks.push_back(double(llvm::count_if(values, [=](double v) { return v < value; })) +
                    0.5 * double(llvm::count(values, value)));
  return ranks;
}

double correlation(llvm::ArrayRef<double> a, llvm::ArrayRef<double> b) {
  double meanA = 0, meanB = 0, both = 0, squareA = 0, squareB = 0;
  for (size_t i = 0; i < a.size(); ++i)
    meanA += a[i] / double(a.size()), meanB += b[i] / double(a.size());
  for (size_t i = 0; i < a.size(); ++i)
    both += (a[i] - meanA) * (b[i] - meanB), squareA += (a[i] - meanA) * (a[i] - meanA),
        squareB += (b[i] - meanB) * (b[i] - meanB);
  return both / std::sqrt(squareA * squareB);
}

void report(llvm::StringRef kernel, std::vector<Point> points) {
  std::vector<double> measured, predicted;
  for (const Point &point : points)
    measured.push_back(point.measured), predicted.push_back(point.predicted);
  llvm::sort(points, [](const Point &a, const Point &b) { return a.predicted < b.predicted; });
  const double fastest = *llvm::min_element(measured);
  double best6 = 1e30;
  for (size_t i = 0; i < std::min<size_t>(6, points.size()); ++i)
    best6 = std::min(best6, points[i].measured);
  llvm::outs() << llvm::formatv("{0,-54}{1,4} points, rank correlation {2,5:f2}, best predicted {3,5:f1} %, "
                                "of six {4,5:f1} % above the fastest\n",
                                kernel, points.size(), correlation(ranks(measured), ranks(predicted)),
                                100 * (points[0].measured / fastest - 1), 100 * (best6 / fastest - 1));
}

} // namespace

int main(int argc, char **argv) {
  if (argc != 4) {
    llvm::errs() << "usage: prediction-bench TARGET CPU RECORDS\n";
    return 2;
  }
  const Target *base = findTarget(argv[1]);
  const Cpu *cpu = findCpu(argv[2]);
  auto file = llvm::MemoryBuffer::getFile(argv[3]);
  if (!base || !cpu || !file) {
    llvm::errs() << "error: no such target, CPU or file\n";
    return 1;
  }
  const Target target = tunedFor(*base, *cpu);
  llvm::StringMap<std::vector<Point>> kernels;
  llvm::StringMap<bool> seen;
  llvm::SmallVector<llvm::StringRef> lines;
  (*file)->getBuffer().split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef line : lines) {
    TuningRecord record = llvm::cantFail(TuningRecord::parse(line));
    if (record.milliseconds <= 0 || !seen.insert({record.kernel + record.parameters, true}).second)
      continue;
    const KernelSpec spec = llvm::cantFail(KernelSpec::parse(record.kernel));
    const SearchSubject subject = kernelSubject(spec, target);
    const std::string complete = llvm::cantFail(subject.parameters(record.parameters));
    kernels[record.kernel].push_back({record.milliseconds, llvm::cantFail(subject.predict(complete))});
  }
  for (const auto &entry : kernels)
    report(entry.first(), entry.second);
}
