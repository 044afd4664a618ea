#!/usr/bin/env bash
# An NFS server on this machine, for tests: Debian's nfs-ganesha (NFS 4), on loopback and a free port, with everything it
# writes in one folder. What it shares is FOLDER/export. Nothing of the system's own NFS is used.
#
#   scripts/nfs/start.sh FOLDER          again after it was killed: as a server that comes back
#   scripts/nfs/boot.sh FOLDER NAME      a host that mounts the share
#   scripts/nfs/stop.sh FOLDER [NAME]    ends all, or one host
set -euo pipefail

folder=${1:?usage: start.sh FOLDER}
for program in ganesha.nfsd qemu-system-x86_64 busybox depmod; do
  command -v "$program" >/dev/null ||
    { echo "$program is not installed (Debian: nfs-ganesha nfs-ganesha-vfs qemu-system-x86 busybox-static kmod)" >&2; exit 1; }
done
[ "$(id -u)" = 0 ] || { echo 'ganesha runs as root here, and this is another user' >&2; exit 1; }
mkdir -p "$folder"/{export,recovery,log,pids}
folder=$(cd "$folder" && pwd)
if kill -0 "$(cat "$folder/pids/ganesha.nfsd" 2>/dev/null)" 2>/dev/null; then
  echo "there is a server for $folder already" >&2
  exit 1
fi
if [ ! -e "$folder/port" ]; then
  node -e '
    const server = require("node:net").createServer().listen(0, "127.0.0.1", () => {
      console.log(server.address().port);
      server.close();
    });' >"$folder/port"
fi
plugins=$(dirname "$(ls /usr/lib/*/ganesha/libfsalvfs.so | head -n 1)")
cat >"$folder/ganesha.conf" <<CONF
NFS_CORE_PARAM {
  Protocols = 4; NFS_Port = $(cat "$folder/port"); Bind_addr = 127.0.0.1; Plugins_Dir = $plugins;
  Enable_NLM = false; Enable_RQUOTA = false; Enable_UDP = false;
}
NFSv4 { Lease_Lifetime = 10; Grace_Period = 10; RecoveryBackend = fs; RecoveryRoot = $folder/recovery; Only_Numeric_Owners = true; }
NFS_KRB5 { Active_krb5 = false; }
EXPORT {
  Export_Id = 1; Path = $folder/export; Pseudo = /store; Access_Type = RW; Squash = No_Root_Squash; SecType = sys; Transports = TCP;
  FSAL { Name = VFS; }
}
LOG { Default_Log_Level = WARN; }
CONF
setsid ganesha.nfsd -F -f "$folder/ganesha.conf" -L "$folder/log/ganesha.log" -p "$folder/ganesha.pid" >/dev/null 2>&1 </dev/null &
echo $! >"$folder/pids/ganesha.nfsd"
for _ in $(seq 100); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$(cat "$folder/port")") 2>/dev/null; then
    echo "NFS_PORT=$(cat "$folder/port")"
    exit 0
  fi
  sleep 0.1
done
echo "the server does not come up; see $folder/log" >&2
tail -n 20 "$folder/log/ganesha.log" >&2
exit 1
