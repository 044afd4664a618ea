#!/usr/bin/env bash
# Ends what start.sh has started in a folder, and only that. The folder itself stays.
set -euo pipefail

folder=$(cd "${1:?usage: stop.sh FOLDER}" && pwd)
if [ -s "$folder/pids/slurmctld" ]; then
  # Jobs that still run would outlive their node.
  SLURM_CONF="$folder/slurm.conf" timeout 5 scancel --full --signal=KILL --user=root 2>/dev/null || true
fi

# A process number may have been given to another program since: it has to be the one that was started.
lives() { # name, number
  [ "$(cat "/proc/$2/comm" 2>/dev/null)" = "$1" ]
}
end() {
  local file name pid told=()
  for file in "$@"; do
    name=$(basename "${file%%-n[0-9]*}") pid=$(cat "$file" 2>/dev/null || true)
    # Noted now: it takes its file away before it has ended.
    if lives "$name" "$pid" && kill "$pid"; then told+=("$name $pid"); fi
  done
  for each in "${told[@]}"; do
    read -r name pid <<<"$each"
    for _ in $(seq 20); do
      lives "$name" "$pid" || continue 2
      sleep 0.1
    done
    # What it would still write, nobody reads.
    kill -9 "$pid" 2>/dev/null || true
  done
}
end "$folder"/pids/slurm*
end "$folder/pids/munged"
# As ports.mjs has given them.
find /tmp/sweetspot-slurm-ports -lname "$folder" -delete 2>/dev/null || true
