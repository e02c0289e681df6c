#include "driver/Roofline.h"

#include <cmath>

using namespace fasternet;

double LogAxis::position(double value) const {
  return std::log(value / low) / std::log(high / low);
}

double LogAxis::value(double position) const {
  return low * std::pow(high / low, position);
}

std::vector<double> LogAxis::ticks() const {
  std::vector<double> ticks;
  for (double decade = std::pow(10, std::floor(std::log10(low))); decade <= high; decade *= 10)
    for (double step : {1, 2, 5})
      if (decade * step >= low && decade * step <= high)
        ticks.push_back(decade * step);
  return ticks;
}

RooflinePlot fasternet::rooflinePlot(const BenchReport &report) {
  RooflinePlot plot;
  plot.peakGflops = report.peakGflops;
  plot.bandwidthGbps = report.bandwidthGbps;
  plot.peakOf = report.peakOf;
  // The ridge is always shown, and a decade below the peak.
  double leastIntensity = plot.ridge(), mostIntensity = plot.ridge();
  double leastGflops = report.peakGflops / 10, mostGflops = report.peakGflops;
  for (size_t i = 0; i < report.kernels.size(); ++i) {
    const BenchReport::Kernel &kernel = report.kernels[i];
    if (kernel.macs <= 0)
      continue;
    plot.points.push_back({i, kernel.intensity(), kernel.gflops()});
    leastIntensity = std::min(leastIntensity, kernel.intensity());
    mostIntensity = std::max(mostIntensity, kernel.intensity());
    leastGflops = std::min(leastGflops, kernel.gflops());
    mostGflops = std::max(mostGflops, kernel.gflops());
  }
  plot.intensity = {leastIntensity / 2, mostIntensity * 2};
  plot.gflops = {leastGflops / 1.5, mostGflops * 1.5};
  return plot;
}
