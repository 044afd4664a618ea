import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Digest } from '../cache/digest.ts';
import { firstAnswer } from '../cache/local/concurrently.ts';
import { openStore } from '../cache/open-store.ts';
import type { RemoteSettings } from '../cache/remotes/remote-settings.ts';
import { tieredStore } from '../cache/remotes/tiered-store.ts';
import { describeMachine } from './measure/machine.ts';
import { median } from './measure/statistics.ts';
import { ratio, seconds, table } from './measure/table.ts';
import { timedRun } from './measure/timed-run.ts';
import { startNginx } from './measure/web-server.ts';

/**
 * Blobs over HTTP, to and from a real nginx on this machine, beside curl. What ours fetches is verified, synced and named in a
 * store; what it brings is verified while it goes. So beside plain curl stand commands that do as much.
 * Use: npm run bench:remotes [-- --mb 256 --small 1000 --turns 5 --scratch DIR]
 */
const { values: options } = parseArgs({
  options: {
    mb: { type: 'string', default: '256' },
    small: { type: 'string', default: '1000' },
    turns: { type: 'string', default: '5' },
    scratch: { type: 'string', default: tmpdir() },
  },
});
/** As `curl --parallel-max` is told, and as many as ours fetches of a tree at a time. */
const atOnce = 8;
const smallBytes = 4096;
const dir = mkdtempSync(join(options.scratch, 'sweetspot-bench-remotes-'));
using server = await startNginx(join(dir, 'nginx'));
mkdirSync(join(server.root, 'cas'));

interface Blob {
  readonly digest: Digest;
  readonly path: string;
  readonly sizeBytes: number;
}

interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

function makeBlob(sizeBytes: number): Blob {
  const bytes = randomBytes(sizeBytes);
  const digest = createHash('sha256').update(bytes).digest('hex') as Digest;
  const path = join(server.root, 'cas', digest);
  writeFileSync(path, bytes);
  return { digest, path, sizeBytes };
}

async function ownCost(work: () => Promise<void>): Promise<Cost> {
  const before = process.cpuUsage();
  const started = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wallMs: performance.now() - started, cpuMs: (user + system) / 1000 };
}

function commandCost(argv: readonly string[]): Cost {
  const outcome = timedRun({ argv, cwd: dir }, 600_000);
  if (outcome.kind !== 'ran') throw new Error(JSON.stringify(outcome));
  return outcome;
}

/** A fresh store each time: nothing is there already. */
async function freshTiers(name: string) {
  const root = join(dir, name);
  const opened = await openStore({ dir: root });
  if (opened.kind !== 'opened') throw new Error(JSON.stringify(opened));
  const settings: RemoteSettings = {
    ...{ name: 'bench', place: { kind: 'http', url: server.url }, pull: true, push: true },
    timeoutMs: 60_000,
  };
  return tieredStore({
    local: opened.store,
    settings: [settings],
    env: {},
    onTrouble: (message) => {
      throw new Error(message);
    },
  });
}

async function fetchAll(blobs: readonly Blob[], turn: number): Promise<Cost> {
  const store = await freshTiers(`fetched-${blobs.length}-${turn}`);
  const cost = await ownCost(async () => {
    await firstAnswer(blobs, atOnce, async ({ digest }) => {
      const fetched = await store.fetchBlob(digest);
      if (fetched.kind !== 'fetched') throw new Error(fetched.kind);
      return undefined;
    });
  });
  rmSync(store.root, { recursive: true });
  return cost;
}

async function bringAll(blobs: readonly Blob[], turn: number): Promise<Cost> {
  const [remote] = (await freshTiers(`brought-${blobs.length}-${turn}`)).openedRemotes;
  const call = { signal: new AbortController().signal, onBytes: () => undefined };
  return await ownCost(async () => {
    await firstAnswer(blobs, atOnce, async (blob) => {
      const put = await remote!.putBlob(blob, call);
      if (put.kind !== 'stored') throw new Error(JSON.stringify(put));
      return undefined;
    });
  });
}

/** What a `curl` for each of some blobs does. Written to a file, since there are too many for a command line. */
function curlConfig(lines: (blob: Blob, index: number) => readonly string[], blobs: readonly Blob[]): string {
  const path = join(dir, 'curl.config');
  writeFileSync(path, blobs.map((blob, index) => `${lines(blob, index).join('\n')}\n`).join('next\n'));
  return path;
}

const parallel = ['curl', '-sS', '--parallel', '--parallel-max', String(atOnce), '--config'];
const out = join(dir, 'out');

function curlGet(blobs: readonly Blob[]): Cost {
  const config = curlConfig(
    ({ digest }, index) => ['silent', `url = "${server.url}/cas/${digest}"`, `output = "${out}/${index}"`],
    blobs,
  );
  return commandCost([...parallel, config]);
}

function curlPut(blobs: readonly Blob[]): Cost {
  const config = curlConfig(
    ({ digest, path }) => ['silent', `url = "${server.url}/cas/${digest}"`, `upload-file = "${path}"`],
    blobs,
  );
  return commandCost([...parallel, config]);
}

const shell = (script: string): Cost => commandCost(['sh', '-ec', script]);

interface Row {
  readonly what: string;
  readonly entrants: { readonly [name: string]: (turn: number) => Cost | Promise<Cost> };
}

const large = makeBlob(Number(options.mb) * 2 ** 20);
const many = Array.from({ length: Number(options.small) }, () => makeBlob(smallBytes));
const rows: readonly Row[] = [
  {
    what: `GET ${options.mb} MiB`,
    entrants: {
      ours: (turn) => fetchAll([large], turn),
      curl: () => curlGet([large]),
      'curl, openssl, sync': () =>
        shell(
          `curl -sS ${server.url}/cas/${large.digest} | tee ${out}/0 | openssl dgst -sha256; sync ${out}/0`,
        ),
    },
  },
  {
    what: `PUT ${options.mb} MiB`,
    entrants: {
      ours: (turn) => bringAll([large], turn),
      curl: () => curlPut([large]),
      'openssl, curl': () =>
        shell(
          `openssl dgst -sha256 ${large.path}; curl -sS -T ${large.path} ${server.url}/cas/${large.digest}`,
        ),
    },
  },
  {
    what: `GET ${options.small} x ${smallBytes} bytes`,
    entrants: {
      ours: (turn) => fetchAll(many, turn),
      'curl --parallel': () => curlGet(many),
      'curl --parallel, openssl, sync': () => {
        const cost = curlGet(many);
        const more = shell(`openssl dgst -sha256 ${out}/* >/dev/null`);
        const synced = syncedCost(many.length);
        return {
          wallMs: cost.wallMs + more.wallMs + synced.wallMs,
          cpuMs: cost.cpuMs + more.cpuMs + synced.cpuMs,
        };
      },
    },
  },
  {
    what: `PUT ${options.small} x ${smallBytes} bytes`,
    entrants: { ours: (turn) => bringAll(many, turn), 'curl --parallel': () => curlPut(many) },
  },
];

/** Each file for itself, as whoever promises that it outlives a power cut has to. */
function syncedCost(count: number): Cost {
  const before = process.cpuUsage();
  const started = performance.now();
  for (let index = 0; index < count; index += 1) {
    const file = openSync(`${out}/${index}`, 'r');
    fsyncSync(file);
    closeSync(file);
  }
  const { user, system } = process.cpuUsage(before);
  return { wallMs: performance.now() - started, cpuMs: (user + system) / 1000 };
}

try {
  console.log(`${describeMachine(dir)}\n`);
  const lines: string[][] = [];
  for (const { what, entrants } of rows) {
    const costs = new Map<string, Cost[]>(Object.keys(entrants).map((name) => [name, []]));
    for (let turn = 0; turn < Number(options.turns); turn += 1) {
      const order = Object.entries(entrants);
      for (const [name, measure] of turn % 2 === 0 ? order : order.toReversed()) {
        rmSync(out, { recursive: true, force: true });
        mkdirSync(out);
        costs.get(name)!.push(await measure(turn));
      }
    }
    const middle = (name: string, of: keyof Cost): number => median(costs.get(name)!.map((cost) => cost[of]));
    for (const name of Object.keys(entrants)) {
      const own = { wallMs: middle('ours', 'wallMs'), cpuMs: middle('ours', 'cpuMs') };
      lines.push([
        `${what}: ${name}`,
        seconds(middle(name, 'wallMs')),
        seconds(middle(name, 'cpuMs')),
        ratio(own.wallMs / middle(name, 'wallMs')),
        ratio(own.cpuMs / middle(name, 'cpuMs')),
      ]);
    }
  }
  console.log(table(['what', 'wall s', 'CPU s', 'ours over it', 'CPU'], lines));
} finally {
  rmSync(dir, { recursive: true, force: true });
}
