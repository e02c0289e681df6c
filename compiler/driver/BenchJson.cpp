// `fasternetc bench --json`.
#include "driver/BenchReport.h"

#include <nlohmann/json.hpp>

using namespace fasternet;

std::string fasternet::benchJson(const BenchReport &report) {
  nlohmann::ordered_json json = {{"model", report.model},
                                 {"target", report.target},
                                 {"threads", report.threads},
                                 {"batch", report.batch},
                                 {"median_ms", report.medianMs},
                                 {"p10_ms", report.p10Ms},
                                 {"p90_ms", report.p90Ms},
                                 {"first_ms", report.firstMs},
                                 {"gflops", report.gflops()},
                                 {"peak_gflops", report.peakGflops},
                                 {"share_of_peak", report.shareOfPeak()},
                                 {"cpu", report.cpu},
                                 {"bandwidth_gbps", report.bandwidthGbps},
                                 {"roofline_ms", report.rooflineMs()},
                                 {"share_of_roofline", report.shareOfRoofline()},
                                 {"peak_memory_bytes", report.peakMemoryBytes},
                                 {"kernels", nlohmann::ordered_json::array()}};
  if (report.device)
    json["device"] = {{"graph_ms", report.device->graphMs},
                      {"run_device_ms", report.device->deviceMs},
                      {"run_device_graph_ms", report.device->deviceGraphMs},
                      {"bytes", report.device->bytes},
                      {"peak_of", report.peakOf}};
  for (const BenchReport::Kernel &kernel : report.kernels)
    json["kernels"].push_back({{"name", kernel.name},
                               {"count", kernel.count},
                               {"median_ms", kernel.medianMs},
                               {"gflops", kernel.gflops()},
                               {"share_of_peak", kernel.gflops() / report.peakGflops},
                               {"bytes", kernel.bytes},
                               {"gbps", kernel.gbps()},
                               {"roofline_ms", report.rooflineMs(kernel)},
                               {"share_of_roofline", report.shareOfRoofline(kernel)},
                               {"bound", boundName(report, kernel).str()}});
  // The CPU's name need not be UTF-8.
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}
