# shellcheck shell=bash
# shellcheck disable=SC2154 # root is set by the script that sources this
# System packages: what is missing is named, then installed; nothing is asked for when nothing is missing.

apt_build=(clang llvm libbpf-dev libelf-dev libdw-dev libcapstone-dev gcc g++ make python3)
apt_tests=(
  tmux musl-tools libjemalloc-dev libgoogle-perftools-dev libmimalloc-dev redis-server nginx-light sqlite3
  strace libcap2-bin util-linux elfutils clang-format shellcheck procps
  e2fsprogs xfsprogs btrfs-progs mount busybox-static linux-libc-dev-arm64-cross
)
dnf_build=(clang llvm libbpf-devel elfutils-libelf-devel elfutils-devel capstone-devel gcc gcc-c++ make python3)
dnf_tests=(
  tmux musl-gcc jemalloc-devel gperftools-devel mimalloc-devel redis nginx sqlite
  strace libcap util-linux elfutils clang-tools-extra ShellCheck procps-ng
  e2fsprogs xfsprogs btrfs-progs busybox
)

# What scripts/test-kernels needs. Kernels are Debian's packages, unpacked by dpkg-deb.
apt_vm=(qemu-system-x86 busybox-static kmod bpftool xz-utils zstd lz4 dpkg curl gpgv debian-archive-keyring e2fsprogs xfsprogs btrfs-progs linux-libc-dev-arm64-cross)
dnf_vm=(qemu-system-x86-core busybox kmod bpftool xz zstd lz4 dpkg curl gnupg2 debian-keyring e2fsprogs xfsprogs btrfs-progs)

vm_packages() {
  if has apt-get; then
    apt_packages "${apt_vm[@]}"
  elif has dnf; then
    dnf_packages "${dnf_vm[@]}"
  fi
  has qemu-system-x86_64 || die "there is no qemu-system-x86_64 here: install qemu for x86, and run this again"
}

# What scripts/test-aarch64 needs.
aarch64_packages() {
  has apt-get || die "scripts/test-aarch64 unpacks Debian's packages: it runs on Debian and what comes of it"
  apt_packages qemu-system-arm debootstrap g++-aarch64-linux-gnu linux-libc-dev-arm64-cross kmod curl xz-utils
}

# system_packages [tests]: everything to build and run, and with `tests` everything that the tests make use of.
system_packages() {
  local wanted
  if has apt-get; then
    wanted=("${apt_build[@]}")
    if [ "${1:-}" = tests ]; then
      wanted+=("${apt_tests[@]}")
      rustc --version >/dev/null 2>&1 || wanted+=(rustc)
    fi
    apt_packages "${wanted[@]}"
  elif has dnf; then
    wanted=("${dnf_build[@]}")
    if [ "${1:-}" = tests ]; then
      wanted+=("${dnf_tests[@]}")
      rustc --version >/dev/null 2>&1 || wanted+=(rust)
    fi
    dnf_packages "${wanted[@]}"
  else
    other_packages
  fi
}

apt_packages() {
  local missing=() known=() name
  mapfile -t missing < <(missing_of apt_has "$@")
  [ ${#missing[@]} -gt 0 ] || return 0

  say "apt-get update, to install: ${missing[*]}"
  apt_get update -qq || die "apt-get update failed: is a Debian or Ubuntu mirror reachable?"
  for name in "${missing[@]}"; do
    if apt-cache show "$name" >/dev/null 2>&1; then known+=("$name"); else not_offered "$name"; fi
  done
  [ ${#known[@]} -gt 0 ] || return 0
  without_services apt_get install -y -qq --no-install-recommends "${known[@]}" \
    || die "apt-get could not install: ${known[*]}"
}

apt_has() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# missing_of TEST NAMES…: the names that are not installed by TEST, but for those that this release does not have.
missing_of() {
  local test=$1 name
  shift
  for name in "$@"; do
    "$test" "$name" || grep -qsxF "$name" "$root/.cache/not-offered" || echo "$name"
  done
}

apt_get() {
  logged as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
    apt-get -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

# Runs a package manager without its chatter; all that it said is shown when it fails.
logged() {
  local log="$root/.cache/packages.log"
  ("$@") </dev/null >"$log" 2>&1 || { cat "$log" >&2; return 1; }
}

# Keeps packages from starting the services they bring (redis-server) while they are being installed.
without_services() {
  local policy=/usr/sbin/policy-rc.d status=0
  if [ -e "$policy" ]; then
    "$@"
    return
  fi
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
  "$@" || status=$?
  as_root rm -f "$policy"
  return "$status"
}

dnf_packages() {
  local missing=() name
  mapfile -t missing < <(missing_of dnf_has "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  say "dnf, to install: ${missing[*]}"
  logged as_root dnf install -y --setopt=strict=0 --setopt=install_weak_deps=0 "${missing[@]}" \
    || die "dnf could not install: ${missing[*]}"
  for name in "${missing[@]}"; do dnf_has "$name" || not_offered "$name"; done
}

dnf_has() { rpm -q --whatprovides "$1" >/dev/null 2>&1; }

# What only tests use may be absent from a release: those tests then skip and say so, and it is not asked for again.
not_offered() {
  case " ${apt_build[*]} ${dnf_build[*]} npm nodejs-npm " in
    *" $1 "*) die "there is no package '$1' here, and memtrace cannot be built without it (RHEL: enable CRB and EPEL)" ;;
  esac
  say "there is no package '$1' here: the tests that use it will be skipped"
  echo "$1" >>"$root/.cache/not-offered"
}

# Neither apt nor dnf: go on when everything is there already, else say what to install.
other_packages() {
  local missing=() name
  for name in clang llvm-strip gcc g++ make python3; do
    has "$name" || missing+=("$name")
  done
  for name in bpf/libbpf.h libelf.h elfutils/libdwfl.h capstone/capstone.h; do
    echo "#include <$name>" | gcc -E -x c - >/dev/null 2>&1 || missing+=("<$name>")
  done
  [ ${#missing[@]} -eq 0 ] \
    || die "no apt-get and no dnf here. Install these by hand and run this again: ${missing[*]}
(compilers: clang, llvm, gcc, g++, make, python3; development files of: libbpf 1.0 or newer, libelf, libdw, capstone)"
}
