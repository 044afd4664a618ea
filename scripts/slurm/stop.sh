#!/usr/bin/env bash
# Ends what start.sh has started in a folder, and only that. The folder itself stays.
set -euo pipefail

folder=$(cd "${1:?usage: stop.sh FOLDER}" && pwd)
if [ -s "$folder/slurmctld.pid" ]; then
  # Jobs that still run would outlive their node.
  SLURM_CONF="$folder/slurm.conf" timeout 5 scancel --full --signal=KILL --user=root 2>/dev/null || true
fi

# A process number may have been given to another program since: it has to be the one that was started.
end() {
  local file=$1 name=$2 pid
  [ -s "$file" ] || return 0
  pid=$(cat "$file")
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$name" ] || return 0
  kill "$pid" 2>/dev/null || return 0
  for _ in $(seq 50); do
    [ -e "/proc/$pid" ] || return 0
    sleep 0.1
  done
  kill -9 "$pid" 2>/dev/null || true
}
end "$folder/slurmd.pid" slurmd
end "$folder/slurmctld.pid" slurmctld
end "$folder/munge/pid" munged
