#!/usr/bin/env bash
# Compiles FasterNet-T0 for GPUs and builds the program that uses it. Needs neither a GPU nor the CUDA toolkit.
#   build.sh [TARGETS [OUTPUT [OPTION...]]]    TARGETS: default cuda-sm80,cuda-sm86,cuda-sm89,cuda-sm90; OUTPUT: default
#                                              build/cuda-stream; OPTION: of fasternetc compile, such as --precision tf32
# Environment: FASTERNETC, CMAKE: those programs; CMAKE_OPTIONS: words for CMake, such as -DLINK_DRIVER=ON.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
targets=${1:-cuda-sm80,cuda-sm86,cuda-sm89,cuda-sm90}
output=$(realpath -m "${2:-$root/build/cuda-stream}")
options=("${@:3}")
read -r -a cmake_options <<<"${CMAKE_OPTIONS:-}"

"${FASTERNETC:-$root/build/bin/fasternetc}" compile "$root/examples/imagenet/model.json" --weights seeded:7 \
  --target "$targets" -o "$output/t0" --quiet "${options[@]}"
"${CMAKE:-cmake}" -S "$here" -B "$output/program" -DMODELS="$output" "${cmake_options[@]}"
"${CMAKE:-cmake}" --build "$output/program"
