#!/bin/busybox sh
# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# The guest's first process: loads the modules, enters the host's file system, runs the command, says how it ended.
/bin/busybox --install -s /bin
mkdir -p /proc /sys /dev /host
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
# shellcheck disable=SC2086
while read -r module parameters; do insmod "/modules/$module" $parameters || echo "guest: module $module failed"; done < /modules/order

# The ports to the host, by name.
for port in /sys/class/virtio-ports/*; do ln -s "/dev/${port##*/}" "/port-$(cat "$port/name")"; done

mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose host /host || echo "guest: no file system"
for folder in proc sys dev; do mount -o bind "/$folder" "/host/$folder"; done
mkdir -p /host/dev/pts /host/dev/shm
mount -t devpts -o ptmxmode=666 pts /host/dev/pts
mount -t tmpfs -o mode=1777 shm /host/dev/shm
mount -t tmpfs run /host/run
ln -sf /proc/self/fd /dev/fd
ln -sf fd/0 /dev/stdin
ln -sf fd/1 /dev/stdout
ln -sf fd/2 /dev/stderr
ip link set lo up

# A port is slow to write to and cannot be a process's output directly: one reader for each.
mkfifo /out /err
cat /out > /port-out & out=$!
cat /err > /port-err & err=$!
script=$(sed -n 's/.*sctpx.script=\([^ ]*\).*/\1/p' /proc/cmdline)
chroot /host /bin/sh "$script" < /dev/null > /out 2> /err
status=$?
# Something that the command left running may hold the pipes: no waiting for that.
tries=0
while [ $tries -lt 20 ] && { kill -0 $out || kill -0 $err; } 2>/dev/null; do
    usleep 50000
    tries=$((tries + 1))
done
sync
echo $status > /port-status
poweroff -f
