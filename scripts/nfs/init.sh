#!/bin/busybox sh
# First process of a host that boot.sh has booted: drivers, the machine's own files (read-only), a network of one, the share; then it
# becomes the agent that takes orders. The kernel's command line says: host=NAME nfs=PORT options=LIST node=PATH agent=PATH.
busybox=/bin/busybox
for name in mkdir mount insmod ip hostname cat tr grep cp chmod poweroff switch_root sleep; do
  eval "$name() { $busybox $name \"\$@\"; }"
done
fail() { echo "NOT BOOTED: $*"; poweroff -f; }

mkdir -p /proc /new
mount -t proc proc /proc
for word in $(cat /proc/cmdline); do
  case $word in host=* | nfs=* | options=* | node=* | agent=*) export "given_${word%%=*}=${word#*=}" ;; esac
done
for module in /modules/*; do insmod "$module" || fail "$module"; done
mount -t virtiofs -o ro root /new || fail "the machine's files"
mount -t proc proc /new/proc
mount -t sysfs sys /new/sys
mount -t devtmpfs dev /new/dev
mount -t tmpfs -o mode=755 run /new/run
mkdir -p /new/run/tmp /new/run/home
chmod 1777 /new/run/tmp
hostname "$given_host"
ip link set lo up
ip link set eth0 up
ip addr add 10.0.2.15/24 dev eth0
ip route add default via 10.0.2.2
mount -t nfs4 -o "addr=10.0.2.2,clientaddr=10.0.2.15,port=$given_nfs,$given_options" 10.0.2.2:/store /new/mnt || fail 'the share'
exec $busybox switch_root /new "$given_node" "$given_agent"
