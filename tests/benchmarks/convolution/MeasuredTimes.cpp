#include "MeasuredTimes.h"

#include "tune/MeasuringProgram.h"

#include <algorithm>

void fasternet::benchmark::addTimes(nlohmann::ordered_json &json, const std::vector<double> &seconds,
                                    double macs, double peakGflops) {
  const double middle = median(seconds), gflops = 2e-9 * macs / middle;
  json["ms"] = 1e3 * middle;
  json["best_ms"] = 1e3 * *std::min_element(seconds.begin(), seconds.end());
  json["gflops"] = gflops;
  json["peak_gflops"] = peakGflops;
  json["share_of_peak"] = gflops / peakGflops;
}
