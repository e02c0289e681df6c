#include "driver/TuneJobs.h"

#include "llvm/ADT/STLExtras.h"

using namespace fasternet;

std::vector<TuneJob> fasternet::tuneJobs(const Pipeline &pipeline) {
  std::vector<TuneJob> jobs;
  double total = 0;
  for (const Pipeline::KernelUse &use : pipeline.kernels()) {
    jobs.push_back({use, double(use.count * use.spec.macs())});
    total += jobs.back().weight;
  }
  for (TuneJob &job : jobs)
    job.weight = job.weight / std::max(total, 1.0) + 0.5 / double(jobs.size());
  llvm::stable_sort(jobs, [](const TuneJob &a, const TuneJob &b) { return a.weight > b.weight; });
  return jobs;
}

int64_t fasternet::weightBytes(const Pipeline &pipeline) {
  int64_t bytes = 0;
  for (const Pipeline::KernelUse &use : pipeline.kernels())
    bytes += use.count * use.spec.weightBytes();
  return bytes;
}

int64_t fasternet::otherBytes(int64_t weightBytes, const Pipeline::KernelUse &use) {
  constexpr int64_t enough = int64_t(64) << 20; // beyond every core's share of L3
  return use.count <= 2 ? std::min(2 * weightBytes, enough) : 0;
}
