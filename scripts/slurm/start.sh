#!/usr/bin/env bash
# A whole Slurm on this machine, for tests: munged, slurmctld and one slurmd a node, of Debian's package slurm-wlm, as
# root, on loopback and ports of its own, with everything they write in one folder. Nothing of the system's own Slurm is used.
#
#   scripts/slurm/start.sh FOLDER [NODES]   prints the lines that a shell, or a program, has to set: SLURM_CONF=…
#   scripts/slurm/stop.sh FOLDER
#
# Nodes are named n1, n2, … (1 where not said), each with two "GPUs": terminals, which are there on every machine and which
# nobody computes on. Partitions: each node's own, of its name (n1 is the default); `scavenge`, the last node once more,
# where who is preempted is cancelled; and `urgent`, all nodes, which preempts all others, by requeueing if nothing else is
# said. What is requeued waits for as long as credentials last, which is why they last only seconds here.
# Lines of FOLDER/more.conf are added to the configuration; FOLDER/first.sh runs once munge does, and before all else.
set -euo pipefail

folder=${1:?usage: start.sh FOLDER [NODES]}
nodes=${2:-1}
here=$(cd "$(dirname "$0")" && pwd)
for program in munged slurmctld slurmd sbatch; do
  command -v "$program" >/dev/null || { echo "$program is not installed (Debian: slurm-wlm, munge)" >&2; exit 1; }
done
[ "$(id -u)" = 0 ] || { echo 'slurmd runs as root here, and this is another user' >&2; exit 1; }
mkdir -p "$folder"/{state,spool,log,munge,pids}
folder=$(cd "$folder" && pwd)
# munged refuses sockets below folders that others may write to, and slurmd's steps have to reach it.
chmod 0755 "$folder" "$folder/munge"
trap '"$here/stop.sh" "$folder" >/dev/null 2>&1 || true' ERR

head -c 1024 /dev/urandom >"$folder/munge/key"
chmod 0400 "$folder/munge/key"
munged --force --key-file="$folder/munge/key" --socket="$folder/munge/socket" --pid-file="$folder/pids/munged" \
  --log-file="$folder/log/munged.log" --seed-file="$folder/munge/seed" 2>>"$folder/log/munged.log"
[ ! -e "$folder/first.sh" ] || "$folder/first.sh"

read -r -a ports < <(node "$here/ports.mjs" "$folder" $((nodes + 1)))
host=$(hostname -s)
cpus=$(nproc)
# As many as the tests need, whatever the machine has: they wait more than they compute.
offered=$((cpus > 4 ? cpus : 4))

{
  cat <<CONF
ClusterName=sweetspot
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=${ports[0]}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket,cred_expire=6
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerCPU=20000
SchedulerParameters=bf_interval=2,sched_interval=2,batch_sched_delay=0,sched_min_interval=100000
GresTypes=gpu
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
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
SlurmdTimeout=10
UnkillableStepTimeout=30
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool/%n
SlurmctldPidFile=$folder/pids/slurmctld
SlurmdPidFile=$folder/pids/slurmd-%n
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd-%n.log
CONF
  [ ! -e "$folder/more.conf" ] || cat "$folder/more.conf"
  for ((n = 1; n <= nodes; n++)); do
    echo "NodeName=n$n NodeHostname=$host NodeAddr=127.0.0.1 Port=${ports[$n]} CPUs=$offered RealMemory=1000000 Gres=gpu:2 State=UNKNOWN"
    echo "PartitionName=n$n Nodes=n$n Default=$([ $n = 1 ] && echo YES || echo NO) MaxTime=INFINITE PriorityTier=1 State=UP"
  done
  echo "PartitionName=scavenge Nodes=n$nodes MaxTime=INFINITE PriorityTier=1 PreemptMode=CANCEL State=UP"
  echo "PartitionName=urgent Nodes=n[1-$nodes] MaxTime=INFINITE PriorityTier=10 State=UP"
} >"$folder/slurm.conf"
echo "NodeName=n[1-$nodes] Name=gpu File=/dev/tty[0-1]" >"$folder/gres.conf"

export SLURM_CONF="$folder/slurm.conf"
slurmctld -f "$SLURM_CONF"
for ((n = 1; n <= nodes; n++)); do slurmd -f "$SLURM_CONF" -N "n$n"; done
for _ in $(seq 600); do
  if [ "$(sinfo --noheader --Node --partition=urgent --states=idle,mixed,allocated --format=%N 2>/dev/null | wc -l)" = "$nodes" ]; then
    echo "SLURM_CONF=$SLURM_CONF"
    exit 0
  fi
  sleep 0.2
done
echo "not all nodes come up; see $folder/log" >&2
tail -n 20 "$folder"/log/*.log >&2
"$here/stop.sh" "$folder"
exit 1
