#!/usr/bin/env bash
# The demonstration behind ./dev demo: both examples from model.json to a running C program, for this CPU.
set -euo pipefail
cd "$(dirname "$0")/.."
fasternetc=build/bin/fasternetc out=build/demo
mkdir -p "$out"

say() { printf '\n== %s\n' "$*"; }

say "a trained digit model: compile, link, classify drawn digits"
$fasternetc compile examples/digits/model.json --weights examples/digits/weights.safetensors -o "$out/digits"
cc -O2 -I "$out/digits" examples/digits/digits.c "$out/digits/libdigits.a" "$out/digits/libfasternet_runtime.a" \
  -lm -lpthread -o "$out/digits/digits"
"$out/digits/digits" examples/digits/images/*.png

say "FasterNet-T0 with seeded weights: compile, link, run"
$fasternetc compile examples/imagenet/model.json --weights seeded:7 -o "$out/t0"
cc -O2 -I "$out/t0" examples/imagenet/imagenet.c "$out/t0/libfasternet_t0.a" "$out/t0/libfasternet_runtime.a" \
  -lm -lpthread -o "$out/t0/imagenet"
"$out/t0/imagenet"

say "its latency on this CPU, one thread"
$fasternetc bench examples/imagenet/model.json --weights seeded:7 --target host
