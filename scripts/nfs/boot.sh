#!/usr/bin/env bash
# A host of its own on this machine, for tests: another kernel (Debian's, emulated in software by qemu), with its own processes,
# clock, page cache and boot, that sees this machine's files read-only and the share of start.sh at /mnt.
#
#   scripts/nfs/boot.sh FOLDER NAME [CLOCK]    prints AGENT_PORT=…: where agent.mjs takes orders
#
# CLOCK: what time it thinks it is, 2026-01-01T00:00:00. NFS_OPTIONS: of its mount, besides those of a plain `mount`.
set -euo pipefail

folder=$(cd "${1:?usage: boot.sh FOLDER NAME [CLOCK]}" && pwd)
name=${2:?usage: boot.sh FOLDER NAME [CLOCK]}
here=$(cd "$(dirname "$0")" && pwd)
kernel=$("$here/kernel.sh")
read -r port < <(node -e '
  const server = require("node:net").createServer().listen(0, "127.0.0.1", () => {
    console.log(server.address().port);
    server.close();
  });')
socket="$folder/$name.socket"
rm -f "$socket"
setsid /usr/lib/qemu/virtiofsd --socket-path="$socket" -o source=/ -o sandbox=chroot -o cache=always -o no_posix_lock \
  >"$folder/log/$name-files.log" 2>&1 </dev/null &
echo $! >"$folder/pids/virtiofsd-$name"
for _ in $(seq 100); do [ -S "$socket" ] && break; sleep 0.05; done
words="console=ttyS0 panic=-1 quiet host=$name nfs=$(cat "$folder/port") options=${NFS_OPTIONS:-vers=4.2} node=$(command -v node) agent=$here/agent.mjs"
setsid qemu-system-x86_64 -M q35 -accel tcg,tb-size=256 -cpu max -smp 1 -m 1024 -nodefaults -no-user-config -display none -no-reboot \
  -object memory-backend-memfd,id=memory,size=1024M,share=on -numa node,memdev=memory \
  -chardev "socket,id=files,path=$socket" -device vhost-user-fs-pci,chardev=files,tag=root \
  -netdev "user,id=net,hostfwd=tcp:127.0.0.1:$port-:1000" -device virtio-net-pci,netdev=net,romfile= -device virtio-rng-pci \
  -rtc "base=${3:-utc}" -serial "file:$folder/log/$name.log" \
  -kernel "$kernel/vmlinuz" -initrd "$kernel/initrd" -append "$words" >"$folder/log/$name-qemu.log" 2>&1 </dev/null &
echo $! >"$folder/pids/qemu-system-x86_64-$name"
for _ in $(seq 600); do
  if node -e '
    const socket = require("node:net").connect(Number(process.argv[1]), "127.0.0.1");
    socket.on("error", () => process.exit(1)).on("close", () => process.exit(1));
    socket.on("data", () => process.exit(0));
    socket.write(`${JSON.stringify({ argv: ["true"] })}\n`);
    setTimeout(() => process.exit(1), 3000);' "$port" 2>/dev/null; then
    echo "AGENT_PORT=$port"
    exit 0
  fi
  kill -0 "$(cat "$folder/pids/qemu-system-x86_64-$name")" 2>/dev/null || break
  sleep 0.2
done
echo "$name does not come up; see $folder/log" >&2
tail -n 20 "$folder/log/$name"*.log >&2
"$here/stop.sh" "$folder" "$name"
exit 1
