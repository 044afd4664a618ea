#!/usr/bin/env bash
# A whole Slurm of one node on this machine, for tests: munged, slurmctld and slurmd of Debian's package slurm-wlm, as
# root, on loopback and free ports, with everything they write in one folder. Nothing of the system's own Slurm is used.
#
#   scripts/slurm/start.sh FOLDER      prints the lines that a shell, or a program, has to set: SLURM_CONF=…
#   scripts/slurm/stop.sh FOLDER
#
# The node has two "GPUs": terminals, which are there on every machine and which nobody computes on.
# Partitions: `main` (the default) and `urgent`, which preempts it by
# requeueing. What is requeued waits for as long as credentials last, which is why they last only seconds here.
set -euo pipefail

folder=${1:?usage: start.sh FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
for program in munged slurmctld slurmd sbatch; do
  command -v "$program" >/dev/null || { echo "$program is not installed (Debian: slurm-wlm, munge)" >&2; exit 1; }
done
[ "$(id -u)" = 0 ] || { echo 'slurmd runs as root here, and this is another user' >&2; exit 1; }
mkdir -p "$folder"/{state,spool,log,munge}
folder=$(cd "$folder" && pwd)
# munged refuses sockets below folders that others may write to, and slurmd's steps have to reach it.
chmod 0755 "$folder" "$folder/munge"
trap '"$here/stop.sh" "$folder" >/dev/null 2>&1 || true' ERR

head -c 1024 /dev/urandom >"$folder/munge/key"
chmod 0400 "$folder/munge/key"
munged --force --key-file="$folder/munge/key" --socket="$folder/munge/socket" --pid-file="$folder/munge/pid" \
  --log-file="$folder/log/munged.log" --seed-file="$folder/munge/seed"

read -r controller_port node_port < <(python3 - <<'PY' 2>/dev/null || node -e '
  const net = require("node:net");
  const servers = [0, 1].map(() => net.createServer().listen(0, "127.0.0.1"));
  Promise.all(servers.map((s) => new Promise((r) => s.on("listening", r)))).then(() => {
    console.log(servers.map((s) => s.address().port).join(" "));
    servers.forEach((s) => s.close());
  });'
import socket
held = [socket.socket() for _ in range(2)]
for each in held: each.bind(("127.0.0.1", 0))
print(*[each.getsockname()[1] for each in held])
PY
)
host=$(hostname -s)
cpus=$(nproc)
# As many as the tests need, whatever the machine has: they wait more than they compute.
offered=$((cpus > 4 ? cpus : 4))

cat >"$folder/slurm.conf" <<CONF
ClusterName=sweetspot
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$controller_port
SlurmdPort=$node_port
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket,cred_expire=6
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=bf_interval=2,sched_interval=2,batch_sched_delay=0,sched_min_interval=100000
GresTypes=gpu
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
MaxArraySize=1001
MailProg=/bin/true
ReturnToService=2
SlurmdParameters=config_overrides
KillWait=5
MessageTimeout=3
MinJobAge=300
SlurmctldTimeout=10
SlurmdTimeout=20
UnkillableStepTimeout=30
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd.log
NodeName=$host NodeAddr=127.0.0.1 CPUs=$offered Gres=gpu:2 State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE PriorityTier=1 State=UP
PartitionName=urgent Nodes=$host MaxTime=INFINITE PriorityTier=10 State=UP
CONF
echo 'Name=gpu File=/dev/tty[0-1]' >"$folder/gres.conf"

export SLURM_CONF="$folder/slurm.conf"
slurmctld -f "$SLURM_CONF"
slurmd -f "$SLURM_CONF"
for _ in $(seq 100); do
  case "$(sinfo --noheader --format=%T 2>/dev/null | head -1)" in
    idle | mixed | allocated)
      echo "SLURM_CONF=$SLURM_CONF"
      exit 0
      ;;
  esac
  sleep 0.2
done
echo "the node does not come up; see $folder/log" >&2
tail -n 20 "$folder"/log/*.log >&2
"$here/stop.sh" "$folder"
exit 1
