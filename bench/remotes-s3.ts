import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Digest } from '../cache/digest.ts';
import { openStore } from '../cache/open-store.ts';
import { tieredStore } from '../cache/remotes/tiered-store.ts';
import { bucketPrograms } from '../test/cache/support/bucket-servers.ts';
import { describeMachine } from './measure/machine.ts';
import { median } from './measure/statistics.ts';
import { ratio, seconds, table } from './measure/table.ts';
import { timedRun } from './measure/timed-run.ts';

/**
 * One large blob to and from a bucket on this machine, beside curl, which signs but neither verifies nor cuts into parts, and boto3, whose transfers
 * are those of `aws s3 cp`. What ours fetches is verified, synced and named in a store.
 * Use: npm run bench:bucket [-- --mb 256 --turns 5 --server versitygw --python /path/to/python-with-boto3]
 */
const { values: options } = parseArgs({
  options: {
    mb: { type: 'string', default: '256' },
    turns: { type: 'string', default: '5' },
    server: { type: 'string', default: 'versitygw' },
    python: { type: 'string', default: process.env['SWEETSPOT_TEST_MOTO'] ?? 'python3' },
    scratch: { type: 'string', default: tmpdir() },
  },
});
const program = bucketPrograms.find(({ name }) => name === options.server);
if (program === undefined) {
  console.error(
    `There is no ${options.server} here; known: ${bucketPrograms.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}
const server = await program.start();
const dir = mkdtempSync(join(options.scratch, 'sweetspot-bench-bucket-'));
const bytes = randomBytes(Number(options.mb) * 2 ** 20);
const digest = createHash('sha256').update(bytes).digest('hex') as Digest;
const file = join(dir, 'blob');
writeFileSync(file, bytes);
const env = { AWS_ACCESS_KEY_ID: server.member.id, AWS_SECRET_ACCESS_KEY: server.member.secret };
const call = { signal: new AbortController().signal, onBytes: (): void => undefined };

interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function openTiers(turn: string) {
  const opened = await openStore({ dir: join(dir, `store-${turn}`) });
  if (opened.kind !== 'opened') throw new Error(JSON.stringify(opened));
  const place = { kind: 'bucket', bucket: 'team', prefix: turn, endpoint: server.endpoint } as const;
  const onTrouble = (message: string): never => {
    throw new Error(message);
  };
  const settings = [{ name: 'bench', place, pull: true, push: true, timeoutMs: 60_000 }];
  return tieredStore({ local: opened.store, settings, env, onTrouble });
}

async function ownCost(work: () => Promise<void>): Promise<Cost> {
  const before = process.cpuUsage();
  const started = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wallMs: performance.now() - started, cpuMs: (user + system) / 1000 };
}

async function bring(turn: string): Promise<Cost> {
  const { openedRemotes } = await openTiers(turn);
  return await ownCost(async () => {
    const put = await openedRemotes[0]!.putBlob({ digest, path: file, sizeBytes: bytes.byteLength }, call);
    if (put.kind !== 'stored') throw new Error(JSON.stringify(put));
  });
}

async function fetchOnce(turn: string): Promise<Cost> {
  const store = await openTiers(turn);
  const cost = await ownCost(async () => {
    const got = await store.fetchBlob(digest);
    if (got.kind !== 'fetched') throw new Error(got.kind);
  });
  rmSync(store.root, { recursive: true });
  return cost;
}

function command(argv: readonly string[]): Cost {
  const outcome = timedRun({ argv, cwd: dir, env: { ...env, AWS_DEFAULT_REGION: 'us-east-1' } }, 300_000);
  if (outcome.kind !== 'ran') throw new Error(JSON.stringify(outcome));
  return outcome;
}

const signed = [
  ...[
    'curl',
    '-sSf',
    '--aws-sigv4',
    'aws:amz:us-east-1:s3',
    '--user',
    `${server.member.id}:${server.member.secret}`,
  ],
  ...['-H', 'x-amz-content-sha256: UNSIGNED-PAYLOAD'],
];
const copied = join(dir, 'copied');
const s3 = `import boto3,sys; s3=boto3.client('s3',endpoint_url='${server.endpoint}');`;

const rows: readonly {
  readonly what: string;
  readonly who: Readonly<Record<string, (turn: string) => Cost | Promise<Cost>>>;
}[] = [
  {
    what: `PUT ${options.mb} MiB`,
    who: {
      ours: bring,
      curl: (turn) => command([...signed, '-T', file, `${server.endpoint}/team/curl-${turn}`]),
      boto3: (turn) =>
        command([options.python, '-c', `${s3} s3.upload_file('${file}','team','boto3-${turn}')`]),
    },
  },
  {
    what: `GET ${options.mb} MiB`,
    who: {
      ours: fetchOnce,
      curl: (turn) => command([...signed, '-o', copied, `${server.endpoint}/team/curl-${turn}`]),
      'curl, openssl, sync': (turn) =>
        command([
          'sh',
          '-ec',
          `"$@" | tee ${copied} | openssl dgst -sha256; sync ${copied}`,
          'sh',
          ...signed,
          `${server.endpoint}/team/curl-${turn}`,
        ]),
      boto3: (turn) =>
        command([options.python, '-c', `${s3} s3.download_file('team','boto3-${turn}','${copied}')`]),
    },
  },
];

const costs = new Map<string, Cost[]>();
try {
  for (let turn = 0; turn < Number(options.turns); turn += 1)
    for (const { what, who } of rows)
      for (const [name, measure] of turn % 2 === 0 ? Object.entries(who) : Object.entries(who).toReversed()) {
        process.stderr.write(`${what}, turn ${turn + 1}: ${name}\n`);
        const cost = await measure(`turn-${turn}`);
        costs.set(`${what} ${name}`, [...(costs.get(`${what} ${name}`) ?? []), cost]);
      }
} finally {
  await server.stop();
  rmSync(dir, { recursive: true });
}

const middle = (key: string, figure: keyof Cost): number =>
  median(costs.get(key)!.map((cost) => cost[figure]));
console.log(
  `${describeMachine(options.scratch)}; ${program.name}; ${spawnSync('curl', ['--version']).stdout.toString().split(' (')[0]!}`,
);
console.log(
  table(
    ['', 'wall s', 'CPU s', 'ours / theirs', 'CPU'],
    rows.flatMap(({ what, who }) =>
      Object.keys(who).map((name) => {
        const [ours, key] = [`${what} ours`, `${what} ${name}`];
        const over = (figure: keyof Cost): string =>
          name === 'ours' ? '' : ratio(middle(ours, figure) / middle(key, figure));
        return [
          `${what}: ${name}`,
          seconds(middle(key, 'wallMs')),
          seconds(middle(key, 'cpuMs')),
          over('wallMs'),
          over('cpuMs'),
        ];
      }),
    ),
  ),
);
