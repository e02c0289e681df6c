#!/usr/bin/env bash
# Compiles both models for a CPU of a board and cross-builds the programs that use them.
#   build.sh [CPU [OUTPUT [OPTION...]]]    CPU: what --tune-for takes (default cortex-a72); OUTPUT: default
#                                          build/raspberry-pi; OPTION: of fasternetc compile, such as --records FILE
# Environment: FASTERNETC, CMAKE: those programs; TOOLCHAIN: another CMake toolchain file; CMAKE_OPTIONS: words for CMake.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cpu=${1:-cortex-a72}
output=$(realpath -m "${2:-$root/build/raspberry-pi}")
options=("${@:3}")
fasternetc=${FASTERNETC:-$root/build/bin/fasternetc}
cmake=${CMAKE:-cmake}
read -r -a cmake_options <<<"${CMAKE_OPTIONS:-}"

compile() { # compile MODEL WEIGHTS FOLDER
  "$fasternetc" compile "$1" --weights "$2" --target aarch64 --tune-for "$cpu" -o "$output/$3" --quiet "${options[@]}"
}
compile "$root/examples/digits/model.json" "$root/examples/digits/weights.safetensors" digits
compile "$root/examples/imagenet/model.json" seeded:7 t0
"$cmake" -S "$here" -B "$output/programs" -DCMAKE_TOOLCHAIN_FILE="${TOOLCHAIN:-$here/aarch64-linux-gnu.cmake}" \
  -DMODELS="$output" "${cmake_options[@]}"
"$cmake" --build "$output/programs"
