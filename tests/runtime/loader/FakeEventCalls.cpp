// Entry points of the fake driver for events: moments of a clock that only launches move.
#include "FakeCall.h"

#include <utility>

using namespace fake_driver;

/// Null, and a misuse, for a handle that is no event.
static Event *find(CUevent event) {
  auto found = state().events.find(reinterpret_cast<uintptr_t>(event));
  if (found == state().events.end())
    state().misuse("no such event");
  return found == state().events.end() ? nullptr : &found->second;
}

CUresult cuEventCreate(CUevent *event, unsigned flags) {
  CALL(cuEventCreate);
  call.device();
  constexpr unsigned disableTiming = 2; // CU_EVENT_DISABLE_TIMING
  const uintptr_t number = state().newHandle();
  state().events[number] = {.isTimed = (flags & disableTiming) == 0};
  *event = handle<CUevent>(number);
  return CUDA_SUCCESS;
}

CUresult cuEventRecord(CUevent event, CUstream stream) {
  CALL(cuEventRecord);
  Event *recorded = find(event);
  if (!recorded)
    return invalidValue;
  recorded->isRecorded = true;
  recorded->stream = reinterpret_cast<uintptr_t>(stream);
  recorded->milliseconds.reset();
  return queue(call, stream, [event] {
    if (Event *reached = find(event))
      reached->milliseconds = state().milliseconds;
  });
}

CUresult cuEventSynchronize(CUevent event) {
  CALL(cuEventSynchronize);
  const Event *awaited = find(event);
  Stream *stream = awaited ? state().stream(handle<CUstream>(awaited->stream), call.device()) : nullptr;
  if (!stream || stream->captured)
    return invalidValue;
  for (Work &work : std::exchange(stream->queue, {}))
    work();
  return state().isSpoiled ? illegalAddress : CUDA_SUCCESS;
}

CUresult cuEventElapsedTime(float *milliseconds, CUevent begin, CUevent end) {
  CALL(cuEventElapsedTime);
  const Event *from = find(begin), *to = find(end);
  if (!from || !to)
    return invalidValue;
  for (const Event *event : {from, to})
    if (!event->isTimed || !event->isRecorded)
      return invalidHandle;
  if (!from->milliseconds || !to->milliseconds)
    return notReady;
  *milliseconds = float(*to->milliseconds - *from->milliseconds);
  return CUDA_SUCCESS;
}

CUresult cuEventDestroy_v2(CUevent event) {
  Call call("cuEventDestroy");
  call.device();
  call.take(state().events, event);
  return call.failure;
}
