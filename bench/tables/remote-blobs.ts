import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '../../cache/digest.ts';
import { firstAnswer } from '../../cache/local/concurrently.ts';
import { openStore } from '../../cache/open-store.ts';
import { tieredStore } from '../../cache/remotes/tiered-store.ts';
import type { TieredStore } from '../../cache/remotes/tiered-store.ts';
import { median } from '../measure/statistics.ts';
import { ratio, seconds, table } from '../measure/table.ts';
import { timedRun } from '../measure/timed-run.ts';
import type { WebServer } from '../measure/web-server.ts';

/** As `curl --parallel-max` is told, and as many as ours fetches of a tree at a time. */
const atOnce = 8;
const smallBytes = 4096;

interface Blob {
  readonly digest: Digest;
  readonly path: string;
  readonly sizeBytes: number;
}

interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

export interface BlobsBench {
  readonly dir: string;
  readonly server: WebServer;
  readonly largeMiB: number;
  readonly smallCount: number;
  readonly turns: number;
}

/** One large blob and many small ones, there and back, beside curl. */
export async function remoteBlobs(bench: BlobsBench): Promise<string> {
  mkdirSync(join(bench.server.root, 'cas'));
  const lines: string[][] = [];
  for (const { what, entrants } of rowsOf(bench)) {
    const costs = new Map<string, Cost[]>(Object.keys(entrants).map((name) => [name, []]));
    for (let turn = 0; turn < bench.turns; turn += 1) {
      const order = Object.entries(entrants);
      for (const [name, measure] of turn % 2 === 0 ? order : order.toReversed()) {
        rmSync(outOf(bench), { recursive: true, force: true });
        mkdirSync(outOf(bench));
        costs.get(name)!.push(await measure(turn));
      }
    }
    const middle = (name: string, of: keyof Cost): number => median(costs.get(name)!.map((cost) => cost[of]));
    for (const name of Object.keys(entrants))
      lines.push([
        `${what}: ${name}`,
        seconds(middle(name, 'wallMs')),
        seconds(middle(name, 'cpuMs')),
        ratio(middle('ours', 'wallMs') / middle(name, 'wallMs')),
        ratio(middle('ours', 'cpuMs') / middle(name, 'cpuMs')),
      ]);
  }
  return table(['what', 'wall s', 'CPU s', 'ours over it', 'CPU'], lines);
}

interface Row {
  readonly what: string;
  readonly entrants: { readonly [name: string]: (turn: number) => Cost | Promise<Cost> };
}

function rowsOf(bench: BlobsBench): readonly Row[] {
  const { server, largeMiB, smallCount } = bench;
  const out = outOf(bench);
  const large = makeBlob(bench, largeMiB * 2 ** 20);
  const many = Array.from({ length: smallCount }, () => makeBlob(bench, smallBytes));
  const shell = (script: string): Cost => commandCost(bench, ['sh', '-ec', script]);
  const url = `${server.url}/cas/${large.digest}`;
  return [
    {
      what: `GET ${largeMiB} MiB`,
      entrants: {
        ours: (turn) => fetchAll(bench, [large], turn),
        curl: () => curlGet(bench, [large]),
        'curl, openssl, sync': () =>
          shell(`curl -sS ${url} | tee ${out}/0 | openssl dgst -sha256; sync ${out}/0`),
      },
    },
    {
      what: `PUT ${largeMiB} MiB`,
      entrants: {
        ours: (turn) => bringAll(bench, [large], turn),
        curl: () => curlPut(bench, [large]),
        'openssl, curl': () => shell(`openssl dgst -sha256 ${large.path}; curl -sS -T ${large.path} ${url}`),
      },
    },
    {
      what: `GET ${smallCount} x ${smallBytes} bytes`,
      entrants: {
        ours: (turn) => fetchAll(bench, many, turn),
        'curl --parallel': () => curlGet(bench, many),
        'curl --parallel, openssl, sync': () =>
          sumOf([
            curlGet(bench, many),
            shell(`openssl dgst -sha256 ${out}/* >/dev/null`),
            syncedCost(out, many.length),
          ]),
      },
    },
    {
      what: `PUT ${smallCount} x ${smallBytes} bytes`,
      entrants: {
        ours: (turn) => bringAll(bench, many, turn),
        'curl --parallel': () => curlPut(bench, many),
      },
    },
  ];
}

function outOf({ dir }: BlobsBench): string {
  return join(dir, 'out');
}

function makeBlob({ server }: BlobsBench, sizeBytes: number): Blob {
  const bytes = randomBytes(sizeBytes);
  const digest = createHash('sha256').update(bytes).digest('hex') as Digest;
  const path = join(server.root, 'cas', digest);
  writeFileSync(path, bytes);
  return { digest, path, sizeBytes };
}

async function ownCost(work: () => Promise<unknown>): Promise<Cost> {
  const before = process.cpuUsage();
  const started = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wallMs: performance.now() - started, cpuMs: (user + system) / 1000 };
}

function commandCost({ dir }: BlobsBench, argv: readonly string[]): Cost {
  const outcome = timedRun({ argv, cwd: dir }, 600_000);
  if (outcome.kind !== 'ran') throw new Error(JSON.stringify(outcome));
  return outcome;
}

function sumOf(costs: readonly Cost[]): Cost {
  return costs.reduce((sum, { wallMs, cpuMs }) => ({
    wallMs: sum.wallMs + wallMs,
    cpuMs: sum.cpuMs + cpuMs,
  }));
}

/** A fresh store each time: nothing is there already. */
async function freshTiers({ dir, server }: BlobsBench, name: string): Promise<TieredStore> {
  const opened = await openStore({ dir: join(dir, name) });
  if (opened.kind !== 'opened') throw new Error(JSON.stringify(opened));
  const place = { kind: 'http', url: server.url } as const;
  return tieredStore({
    local: opened.store,
    settings: [{ name: 'bench', place, pull: true, push: true, timeoutMs: 60_000 }],
    env: {},
    onTrouble: (message) => {
      throw new Error(message);
    },
  });
}

async function fetchAll(bench: BlobsBench, blobs: readonly Blob[], turn: number): Promise<Cost> {
  const store = await freshTiers(bench, `fetched-${blobs.length}-${turn}`);
  const cost = await ownCost(() =>
    firstAnswer(blobs, atOnce, async ({ digest }) => {
      const fetched = await store.fetchBlob(digest);
      if (fetched.kind !== 'fetched') throw new Error(fetched.kind);
      return undefined;
    }),
  );
  rmSync(store.root, { recursive: true });
  return cost;
}

async function bringAll(bench: BlobsBench, blobs: readonly Blob[], turn: number): Promise<Cost> {
  const [remote] = (await freshTiers(bench, `brought-${blobs.length}-${turn}`)).openedRemotes;
  const call = { signal: new AbortController().signal, onBytes: () => undefined };
  return await ownCost(() =>
    firstAnswer(blobs, atOnce, async (blob) => {
      const put = await remote!.putBlob(blob, call);
      if (put.kind !== 'stored') throw new Error(JSON.stringify(put));
      return undefined;
    }),
  );
}

const parallel = ['curl', '-sS', '--parallel', '--parallel-max', String(atOnce), '--config'];

function curlGet(bench: BlobsBench, blobs: readonly Blob[]): Cost {
  const lines = ({ digest }: Blob, index: number): readonly string[] => [
    `url = "${bench.server.url}/cas/${digest}"`,
    `output = "${outOf(bench)}/${index}"`,
  ];
  return commandCost(bench, [...parallel, curlConfig(bench, blobs, lines)]);
}

function curlPut(bench: BlobsBench, blobs: readonly Blob[]): Cost {
  const lines = ({ digest, path }: Blob): readonly string[] => [
    `url = "${bench.server.url}/cas/${digest}"`,
    `upload-file = "${path}"`,
  ];
  return commandCost(bench, [...parallel, curlConfig(bench, blobs, lines)]);
}

/** What a `curl` for each of some blobs does. Written to a file, since there are too many for a command line. */
function curlConfig(
  { dir }: BlobsBench,
  blobs: readonly Blob[],
  lines: (blob: Blob, index: number) => readonly string[],
): string {
  const path = join(dir, 'curl.config');
  writeFileSync(
    path,
    blobs.map((blob, index) => `silent\n${lines(blob, index).join('\n')}\n`).join('next\n'),
  );
  return path;
}

/** Each file for itself, as whoever promises that it outlives a power cut has to. */
function syncedCost(out: string, count: number): Cost {
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
