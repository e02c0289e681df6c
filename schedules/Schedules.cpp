#include "schedules/Schedules.h"
#include "schedules/cpu/Strategies.h"
#include "schedules/cuda/Strategies.h"
#include "support/Diagnostics.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"

#include <utility>

using namespace fasternet;

namespace {

/// One line of Schedules.def, with its parameter type hidden behind text.
struct Strategy {
  TargetFamily family;
  KernelKind kind;
  llvm::Expected<std::string> (*parameters)(const KernelSpec &, const Target &, llvm::StringRef);
  std::vector<std::string> (*steps)(const KernelSpec &, const Target &, llvm::StringRef);
  Traffic (*traffic)(const KernelSpec &, const Target &, llvm::StringRef);
  ScheduledPipeline (*build)(const KernelSpec &, llvm::StringRef);
};

/// What a strategy's default is, its other functions take.
template <auto defaults>
using ParametersOf = decltype(defaults(std::declval<const KernelSpec &>(), std::declval<const Target &>()));

template <auto defaults, auto check>
llvm::Expected<std::string> resolve(const KernelSpec &spec, const Target &target, llvm::StringRef overrides) {
  auto parameters = defaults(spec, target);
  if (llvm::Error error = readParameters(overrides, parameters))
    return error;
  if (llvm::Error error = check(spec, target, parameters))
    return error;
  return parametersText(parameters);
}

template <auto defaults, auto steps, auto check>
std::vector<std::string> next(const KernelSpec &spec, const Target &target, llvm::StringRef text) {
  ParametersOf<defaults> from;
  llvm::cantFail(readParameters(text, from));
  std::vector<std::string> points;
  for (const auto &point : steps(spec, target, from)) {
    std::string pointText = parametersText(point);
    if (llvm::Error error = check(spec, target, point))
      llvm::consumeError(std::move(error));
    else if (pointText != text && !llvm::is_contained(points, pointText))
      points.push_back(std::move(pointText));
  }
  return points;
}

template <auto defaults, auto count>
Traffic traffic(const KernelSpec &spec, const Target &target, llvm::StringRef text) {
  ParametersOf<defaults> parameters;
  llvm::cantFail(readParameters(text, parameters));
  return count(spec, target, parameters);
}

template <auto defaults, auto schedule>
ScheduledPipeline build(const KernelSpec &spec, llvm::StringRef text) {
  ParametersOf<defaults> parameters;
  llvm::cantFail(readParameters(text, parameters));
  return schedule(spec, parameters);
}

const Strategy strategies[] = {
#define FASTERNET_SCHEDULE(family, strategies, kind)                                                         \
  {TargetFamily::family, KernelKind::kind, resolve<default##strategies##kind, check##strategies##kind>,      \
   next<default##strategies##kind, steps##strategies##kind, check##strategies##kind>,                        \
   traffic<default##strategies##kind, traffic##strategies##kind>,                                            \
   build<default##strategies##kind, schedule##strategies##kind>},
#include "schedules/Schedules.def"
#undef FASTERNET_SCHEDULE
};

/// Vectors and units in elements of what the kernel computes with: NEON's hold twice as many halves as floats.
Target inElements(const KernelSpec &spec, const Target &target) {
  const int64_t perFloat = elementBytes(ElementType::F32) / elementBytes(spec.computeType());
  Target counted = target;
  counted.vectorFloats *= perFloat;
  counted.fmaFloats *= perFloat;
  return counted;
}

/// Both element types alike, f32 or what the target has arithmetic for.
bool hasTypes(const KernelSpec &spec, const Target &target) {
  return spec.activations == spec.weights &&
         (spec.weights == ElementType::F32 ||
          (spec.weights == ElementType::F16 && target.hasHalfPrecision()));
}

const Strategy *findStrategy(const KernelSpec &spec, const Target &target) {
  for (const Strategy &strategy : strategies)
    if (strategy.family == target.family && strategy.kind == spec.kind)
      return &strategy;
  return nullptr;
}

} // namespace

llvm::Expected<std::string> fasternet::scheduleParameters(const KernelSpec &spec, const Target &target,
                                                          llvm::StringRef overrides) {
  const Strategy *strategy = findStrategy(spec, target);
  if (!strategy || !hasTypes(spec, target))
    return inputError("kernel " + spec.text() + ": no schedule for target " + target.name);
  return strategy->parameters(spec, inElements(spec, target), overrides);
}

std::vector<std::string> fasternet::scheduleSteps(const KernelSpec &spec, const Target &target,
                                                  llvm::StringRef parameters) {
  return findStrategy(spec, target)->steps(spec, inElements(spec, target), parameters);
}

Traffic fasternet::scheduleTraffic(const KernelSpec &spec, const Target &target, llvm::StringRef parameters) {
  return findStrategy(spec, target)->traffic(spec, target, parameters);
}

ScheduledPipeline fasternet::buildPipeline(const KernelSpec &spec, const Target &target,
                                           llvm::StringRef parameters) {
  return findStrategy(spec, target)->build(spec, parameters);
}
