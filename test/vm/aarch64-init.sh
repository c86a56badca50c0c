#!/bin/busybox sh
# Process 1 of the aarch64 machine of scripts/test-aarch64: reaches the system that is shared, runs the command there, ends.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
while read -r module; do
  insmod "/modules/$module" || echo "init: $module cannot be loaded"
done </modules/order

mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,cache=loose system /system || echo "init: no system"
mount -t proc proc /system/proc
mount -t sysfs sysfs /system/sys
mount -t devtmpfs devtmpfs /system/dev
mount -t tmpfs tmpfs /system/run
mount -t tracefs tracefs /system/sys/kernel/tracing
mount -t bpf bpf /system/sys/fs/bpf
mount -t cgroup2 cgroup2 /system/sys/fs/cgroup
ip link set lo up
chroot /system /sbin/mkfs.ext4 -q -F /dev/vda && mount -t ext4 /dev/vda /system/var/tmp && chmod 1777 /system/var/tmp
mount -o bind /system/var/tmp /system/tmp

# What writes to a pipe does not redraw its progress.
chroot /system /bin/sh -c '
  export PATH=/opt/node/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TMPDIR=/var/tmp
  cd /memtrace && eval "$(cat .cache/guest-command)"
  echo $? >/status' </dev/null 2>&1 | cat
sync
poweroff -f
