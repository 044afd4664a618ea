#!/usr/bin/env bash
# Ends what start.sh and boot.sh have started in a folder, or one host (as when its plug is pulled), or the `server`, and only that.
set -euo pipefail

folder=$(cd "${1:?usage: stop.sh FOLDER [NAME|server]}" && pwd)
# A process number may have been given to another program since: it has to be the one that was started.
lives() { # name, number
  [ -n "$2" ] && [[ "$1" == "$(cat "/proc/$2/comm" 2>/dev/null || echo ended)"* ]]
}
end() {
  local file name pid
  for file in "$@"; do
    [ -e "$file" ] || continue
    name=$(basename "$file") pid=$(cat "$file")
    if lives "$name" "$pid"; then kill -9 "$pid" || true; fi
    for _ in $(seq 100); do lives "$name" "$pid" || break; sleep 0.05; done
    rm -f "$file"
  done
}
if [ "${2:-}" = server ]; then
  end "$folder/pids/ganesha.nfsd"
elif [ $# -gt 1 ]; then
  end "$folder/pids/"{qemu-system-x86_64,virtiofsd}"-$2"
else
  end "$folder"/pids/*
fi
