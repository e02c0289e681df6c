#!/bin/sh
# Of a runtime archive, a shared object that holds all of it shows the documented names and nothing else.
# Usage: symbols-are-hidden.sh COMPILER ARCHIVE FOLDER-FOR-OUTPUT NAME...     (names sorted)
set -eu
object=$3/libsymbols-are-hidden.so
"$1" -shared -o "$object" -Wl,--whole-archive "$2" -Wl,--no-whole-archive -lpthread -ldl
shift 3
expected=$(printf '%s\n' "$@")
found=$(nm -D --defined-only "$object" | awk '{print $NF}' | grep -v '^_\(init\|fini\)$' | LC_ALL=C sort)
if [ "$found" != "$expected" ]; then
  printf 'dynamic symbols:\n%s\nexpected:\n%s\n' "$found" "$expected"
  exit 1
fi
# Nothing that allocates, prints or ends the process is called from anywhere.
undefined=$(nm -D --undefined-only "$object" | awk '{print $NF}' | sed 's/@.*//')
for name in malloc calloc realloc free aligned_alloc posix_memalign printf puts fputs write abort exit _exit; do
  if printf '%s\n' "$undefined" | grep -qx "$name"; then
    echo "calls $name"
    exit 1
  fi
done
