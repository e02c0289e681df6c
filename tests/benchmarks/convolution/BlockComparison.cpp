#include "BlockComparison.h"

#include "AutoscheduledBlock.h"
#include "MeasuredTimes.h"

using namespace fasternet;
using namespace fasternet::benchmark;
using nlohmann::ordered_json;

void BlockComparison::add(const std::string &row, llvm::Expected<CompiledKernel> kernel) {
  candidates.push_back({.row = row});
  if (kernel)
    candidates.back().kernel = std::move(*kernel);
  else
    candidates.back().why = llvm::toString(kernel.takeError());
}

BlockComparison::BlockComparison(const KernelSpec &spec, const Target &target, const SearchSubject &subject,
                                 const std::string &tuned)
    : text(spec.text()), macs(subject.macs), target(&target) {
  add("default", subject.compile("with_default", ""));
  add("tuned", subject.compile("with_tuned", tuned));
  add("Adams2019", compileAutoscheduledBlock(spec, target, "with_adams2019"));
}

llvm::Expected<ordered_json> BlockComparison::measure(const std::vector<float> &expected,
                                                      const MeasuringOptions &options) const {
  std::vector<CompiledKernel> kernels;
  for (const Candidate &candidate : candidates)
    if (candidate.kernel)
      kernels.push_back(*candidate.kernel);
  auto batch = measureBatch(*target, kernels, expected, options);
  if (!batch)
    return batch.takeError();

  ordered_json rows = ordered_json::array();
  auto result = batch->candidates.begin();
  for (const Candidate &candidate : candidates) {
    ordered_json row{{"schedule", candidate.row}};
    if (!candidate.kernel) {
      row["why"] = candidate.why;
    } else if (const CandidateResult &r = *result++; r.status != CandidateResult::Status::Ok) {
      row["why"] = r.why;
    } else {
      row["parameters"] = candidate.kernel->schedule;
      row["max_relative_error"] = r.error;
      addTimes(row, r.seconds, macs, batch->peakGflops);
    }
    rows.push_back(std::move(row));
  }
  return ordered_json{{"kernel", text}, {"macs", macs}, {"rows", rows}};
}
