# shellcheck shell=bash
# How the scripts talk and ask for root. Everything they say goes to stderr: stdout belongs to what they run.

say() { printf '%s\n' "$*" >&2; }

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Runs a command as root: directly, by sudo, or not at all but with the exact command to type.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif has sudo; then
    sudo -- "$@"
  else
    die "this step needs root and there is no sudo; as root, run: $*"
  fi
}

# SHA-256 over the names and contents of all files under the given paths: the stamp of a build step's inputs.
hash_of() {
  find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -d' ' -f1
}
