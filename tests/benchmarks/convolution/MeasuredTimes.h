// The numbers that pconv-bench reports of one measured kernel.
#pragma once

#include <nlohmann/json.hpp>

#include <vector>

namespace fasternet::benchmark {

/// Adds ms (median) and best_ms of one call, gflops (2 x macs / median), peak_gflops and share_of_peak.
void addTimes(nlohmann::ordered_json &json, const std::vector<double> &seconds, double macs,
              double peakGflops);

} // namespace fasternet::benchmark
