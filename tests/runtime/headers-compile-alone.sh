#!/bin/sh
# Each header of the runtime, by itself, as C11 and as C++20, with every compiler that is there.
# Usage: headers-compile-alone.sh INCLUDE-FOLDER
set -eu
include=$1
checked=0
for header in "$include"/fasternet/*.h; do
  name=fasternet/$(basename "$header")
  for compiler in gcc clang clang-14 clang-22; do
    command -v "$compiler" >/dev/null || continue
    for language in c:c11 c++:c++20; do
      printf '#include "%s"\n#include "%s"\ntypedef fnet_status used;\n' "$name" "$name" |
        "$compiler" -x "${language%%:*}" -std="${language#*:}" -Wall -Wextra -Werror -pedantic -I"$include" \
          -fsyntax-only -
      checked=$((checked + 1))
    done
  done
done
echo "$checked compilations"
[ "$checked" -ge 8 ]
