#!/bin/busybox sh
# Process 1 of the guest until the host's root is reached: read-only, under a tmpfs for what is written.

/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev

while read -r module; do
  insmod "/modules/$module" || echo "init: $module cannot be loaded"
done </modules/order

mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=262144,cache=loose root /host \
  && mount -t tmpfs -o size=75% tmpfs /upper \
  && mkdir /upper/files /upper/work \
  && mount -t overlay -o lowerdir=/host,upperdir=/upper/files,workdir=/upper/work overlay /root \
  && mkdir -p /root/run/guest \
  && mount -t tmpfs tmpfs /root/run \
  && mkdir -p /root/run/guest \
  && mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,cache=none exchange /root/run/guest \
  && umount /dev /sys /proc \
  && exec switch_root /root /bin/sh /run/guest/start.sh

echo "init: the host's root cannot be mounted"
echo b >/proc/sysrq-trigger
