#!/usr/bin/env bash
# Records what a real Slurm prints of jobs in many states, for the tests of what reads it. Takes two minutes, root, and of
# Debian's or Ubuntu's packages slurm-wlm, slurmdbd, munge and mariadb-server. Versions other than the machine's own:
# in a `chroot` of another release (debootstrap), with this folder and Node in it.
#
#   scripts/slurm/record.sh INTO [no-accounts]     e.g. test/fixtures/slurm/23.11
set -euo pipefail

into=${1:?usage: record.sh INTO [no-accounts]}
accounts=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$into"
into=$(cd "$into" && pwd)
folder=$(mktemp -d /tmp/sweetspot-record-XXXXXX)
chmod 0755 "$folder"
database=
finish() {
  "$here/stop.sh" "$folder" || true
  [ -s "$folder/slurmdbd.pid" ] && kill "$(cat "$folder/slurmdbd.pid")" || true
  [ -n "$database" ] && kill "$database" && wait "$database" 2>/dev/null || true
}
trap finish EXIT

keep_accounts() {
  read -r port database_port < <(node -e '
    const servers = [0, 1].map(() => require("node:net").createServer().listen(0));
    console.log(...servers.map((server) => server.address().port));
    for (const server of servers) server.close();')
  mariadb-install-db --force --no-defaults --user=root --datadir="$folder/database" >/dev/null
  mariadbd --no-defaults --user=root --datadir="$folder/database" --socket="$folder/database.socket" --bind-address=127.0.0.1 \
    --port="$database_port" --innodb-lock-wait-timeout=900 --pid-file="$folder/database.pid" 2>"$folder/database.log" &
  database=$!
  until [ -S "$folder/database.socket" ]; do sleep 0.2; done
  mariadb --no-defaults --socket="$folder/database.socket" -e "grant all on slurm_acct_db.* to slurm@localhost identified by 'slurm'"
  cat >"$folder/slurmdbd.conf" <<CONF
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
DbdHost=localhost
DbdAddr=127.0.0.1
DbdPort=$port
SlurmUser=root
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort=$database_port
StorageUser=slurm
StoragePass=slurm
StorageLoc=slurm_acct_db
PidFile=$folder/slurmdbd.pid
LogFile=$folder/slurmdbd.log
CONF
  chmod 0600 "$folder/slurmdbd.conf"
  cat >>"$folder/more.conf" <<CONF
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoragePort=$port
AccountingStoragePass=$folder/munge/socket
AccountingStoreFlags=job_comment
CONF
  # It asks munge, and the controller asks it.
  cat >"$folder/first.sh" <<FIRST
#!/usr/bin/env bash
SLURM_CONF=$folder/slurmdbd.conf slurmdbd
until (exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null; do sleep 0.2; done
FIRST
  chmod 0755 "$folder/first.sh"
}

printf '#!/bin/sh\n[ "$SLURM_JOB_PARTITION" != n3 ]\n' >"$folder/prolog.sh"
chmod 0755 "$folder/prolog.sh"
echo "Prolog=$folder/prolog.sh" >"$folder/more.conf"
[ "$accounts" = no-accounts ] || keep_accounts
"$here/start.sh" "$folder" 5 >/dev/null
export SLURM_CONF=$folder/slurm.conf

submit() { sbatch --parsable --output=/dev/null --job-name=sweetspot-run --comment="sweetspot-run/$1" --requeue "${@:2}"; }
is() { # job, state
  for _ in $(seq 600); do
    [ "$(squeue --noheader --states=all --array --jobs="$1" --format=%T | sort -u)" = "$2" ] && return
    sleep 0.2
  done
  echo "job $1 does not become $2: $(squeue --noheader --states=all --jobs="$1" --format='%T %r')" >&2
  return 1
}

submit 1 --array=0-1 --wrap=true >"$into/sbatch.txt"
submit 2 --array=0-0 --wrap='exit 3' >/dev/null
timed=$(submit 3 --array=0-0 --partition=n2 --time=1 --wrap='sleep 600')
big=$(submit 4 --array=0-0 --mem=20 --wrap='exec node -e "globalThis.held = Buffer.alloc(3e8, 1); setTimeout(() => {}, 6e4)"')
by_hand=$(submit 5 --array=0-1 --partition=n2 --wrap='sleep 600')
is "$by_hand" RUNNING && scancel "$by_hand"
submit 6 --array=0-0 --partition=n3 --wrap=true >/dev/null # its prolog fails: held
gone=$(submit 7 --array=0-0 --partition=n4 --no-requeue --wrap='sleep 600')
back=$(submit 8 --array=0-0 --partition=n4 --wrap='sleep 600')
is "$gone" RUNNING && is "$back" RUNNING && kill -9 "$(cat "$folder/pids/slurmd-n4")"
submit 9 --array=0-3 --hold --wrap=true >/dev/null
put_off=$(submit 10 --array=0-0 --partition=n2 --wrap='sleep 600')
is "$put_off" RUNNING && scontrol requeuehold "$put_off"
taken=$(submit 11 --array=0-0 --partition=scavenge --wrap='sleep 600')
is "$taken" RUNNING && submit 12 --array=0-0 --partition=urgent --nodelist=n5 --exclusive --wrap='sleep 600' >/dev/null
is "$taken" PREEMPTED
is "$gone" NODE_FAIL
is "$big" FAILED # only control groups would tell it from others
is "$timed" TIMEOUT
submit 13 --array=0-5%2 --partition=n2 --gres=gpu:1 --wrap='sleep 600' >/dev/null
still=$(submit 14 --array=0-0 --partition=n1 --wrap='sleep 600')
is "$still" RUNNING && scontrol suspend "$still"
submit 15 --array=0-2 --partition=n2 --gres=gpu:2 --cpus-per-task=4 --wrap=true >/dev/null # waits for 13
submit 16 --partition=n2 --dependency=afterok:"$still" --wrap=true >/dev/null
sleep 4

# One moment, in the formats that are read and in JSON.
squeue --noheader --array --states=all --me --name=sweetspot-run --format='%i|%T|%r|%k' >"$into/squeue.txt"
squeue --json --array --states=all >"$folder/squeue.json"
scontrol show config | grep -E '^(Max|SLURM_VERSION)' >"$into/config.txt"
if [ "$accounts" != no-accounts ]; then
  sleep 2
  sacct --noheader --parsable2 -X --format=JobID,State --allusers >"$into/sacct.txt"
  sacct --json --allusers >"$folder/sacct.json"
fi

# Of what a job has in JSON, that which tells of its state: all of it would be half a megabyte.
node - "$folder" "$into" <<'JS'
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const [folder, into] = process.argv.slice(2);
const kept = {
  squeue: ['job_id', 'array_job_id', 'array_task_id', 'array_task_string', 'job_state', 'state_reason', 'comment', 'name'],
  sacct: ['job_id', 'array', 'state', 'comment', 'name', 'exit_code'],
};
for (const [program, fields] of Object.entries(kept)) {
  if (!existsSync(`${folder}/${program}.json`)) continue;
  const { meta, jobs } = JSON.parse(readFileSync(`${folder}/${program}.json`, 'utf8'));
  const { plugin, ...others } = meta;
  const version = others.slurm ?? others.Slurm;
  const of = (job) => Object.fromEntries(fields.filter((name) => name in job).map((name) => [name, job[name]]));
  const lines = jobs.map((job) => `    ${JSON.stringify(of(job))}`);
  const head = JSON.stringify({ format: plugin.data_parser ?? plugin.type, slurm: version.release });
  writeFileSync(`${into}/${program}.json`, `{\n  "meta": ${head},\n  "jobs": [\n${lines.join(',\n')}\n  ]\n}\n`);
}
JS
