# shellcheck shell=bash
# shellcheck disable=SC2154 # root is set by the script that sources this
# Build steps, each skipped while its inputs are what they were (a stamp beside its output holds their hash).

fresh() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }

npm_packages() {
  local stamp="$root/node_modules/.memtrace-lock" hash
  hash=$(hash_of "$root/package-lock.json")
  if fresh "$stamp" "$hash"; then return; fi
  say "npm packages, as package-lock.json has them"
  # Not `npm ci`: it insists on lock entries for the binaries of other systems, which a partial mirror cannot give.
  (cd "$root" && quiet_npm install --no-save) \
    || die "npm could not install the packages: is the npm registry reachable (npm config get registry; proxy settings)?"
  echo "$hash" >"$stamp"
}

build_native() {
  local stamp="$root/build/Release/.memtrace-inputs" hash gyp log="$root/.cache/native.log"
  hash=$(hash_of "$root/native" "$root/bpf/wire.h" "$root/binding.gyp" "$root/node_modules/node-addon-api/package.json")
  if fresh "$stamp" "$hash" && [ -x "$root/build/Release/memtrace-gate" ]; then return; fi
  say "native addons: node-gyp"
  gyp="$root/node_modules/.bin/node-gyp"
  [ -x "$gyp" ] || gyp=node-gyp
  mkdir -p "$root/.cache"
  (cd "$root" && "$gyp" configure build --nodedir="$(node_headers)" --devdir="$root/.cache/node-gyp" --jobs "$(nproc)") >"$log" 2>&1 \
    || { tail -n 60 "$log" >&2; die "the native addons did not build (whole log: $log)"; }
  echo "$hash" >"$stamp"
}

build_bpf() { "$root/scripts/build-bpf"; }

build_dist() {
  local stamp="$root/dist/.memtrace-inputs" hash tsc="$root/node_modules/.bin/tsc"
  # An installed package has dist/ and no compiler.
  if [ ! -x "$tsc" ] && [ -e "$root/dist/main.js" ]; then return; fi
  hash=$(hash_of "$root/src" "$root/tsconfig.json" "$root/tsconfig.build.json" "$root/package-lock.json")
  if fresh "$stamp" "$hash"; then return; fi
  say "TypeScript: tsc"
  mkdir -p "$root/dist"
  find "$root/dist" -mindepth 1 -maxdepth 1 ! -name bpf -exec rm -rf {} +
  (cd "$root" && "$tsc" -p tsconfig.build.json >&2) || die "TypeScript did not compile"
  echo "$hash" >"$stamp"
}

build_all() {
  build_native
  build_bpf
  build_dist
}
