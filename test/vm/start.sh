#!/bin/sh
# Process 1 of the guest on the host's root: mounts what a system has, runs the command, leaves its exit status, ends.

PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH HOME=/root TMPDIR=/var/tmp
exchange=/run/guest

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tracefs tracefs /sys/kernel/tracing
mount -t bpf bpf /sys/fs/bpf
mount -t securityfs securityfs /sys/kernel/security
mount -t cgroup2 cgroup2 /sys/fs/cgroup
ln -sf /proc/self/fd /dev/fd
busybox ip link set lo up

# The kernel's own modules, in place of the system's.
mkdir -p /lib/modules
mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=262144,cache=loose modules /lib/modules
for module in virtio_blk ext4 xfs btrfs loop; do
  modprobe "$module"
done
mkfs.ext4 -q -F /dev/vda && mkdir -p "$TMPDIR" && mount /dev/vda "$TMPDIR" && chmod 1777 "$TMPDIR"

echo '<1>memtrace: the command begins' >/dev/kmsg
cat /proc/sys/kernel/tainted >"$exchange/tainted"
sh "$exchange/command.sh" </dev/null >"$exchange/output" 2>&1
status=$?
cat /proc/sys/kernel/tainted >>"$exchange/tainted"
echo $status >"$exchange/status"
sync
echo b >/proc/sysrq-trigger
