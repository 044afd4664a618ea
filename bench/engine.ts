import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import type { Bench } from './bench.ts';
import { describeLoad, describeMachine } from './measure/machine.ts';
import { Samples } from './measure/samples.ts';
import { readOptions } from './options.ts';
import { ours } from './ours.ts';
import { peersNamed } from './peers/registry.ts';
import { cached } from './tables/cached.ts';
import { cold } from './tables/cold.ts';
import { hashing } from './tables/hashing.ts';
import { questions } from './tables/questions.ts';
import { restore } from './tables/restore.ts';
import { scaling } from './tables/scaling.ts';
import { workers } from './tables/workers.ts';

/**
 * The engine's own cost beside that of other runners, as Markdown tables. Use and meaning: README.md beside this file.
 */
const tables: { readonly [name: string]: (bench: Bench) => void } = {
  cold,
  cached,
  restore,
  scaling,
  questions,
  hashing,
  workers,
};
/** Those in which peers take part. */
const withPeers = ['cold', 'cached', 'restore'];

const options = readOptions();
const chosen = options.tables.length === 0 ? Object.keys(tables) : options.tables;
const unknown = chosen.filter((name) => !Object.hasOwn(tables, name));
if (unknown.length > 0) {
  throw new Error(`no table is named '${unknown.join(', ')}': there are ${Object.keys(tables).join(', ')}`);
}
mkdirSync(options.scratch, { recursive: true });
const report = `${options.scratch}/report.md`;
writeFileSync(report, '');
const bench: Bench = {
  options,
  samples: new Samples(`${options.scratch}/samples.jsonl`, options.resume),
  ours: ours(),
  peers: chosen.some((name) => withPeers.includes(name)) ? peersNamed(options.peers) : [],
  print: (text) => {
    console.log(text);
    appendFileSync(report, `${text}\n`);
  },
};

bench.print(`${describeMachine(options.scratch)}\n`);
for (const { name, version, note } of [bench.ours, ...bench.peers]) {
  bench.print(`- ${name} ${version}${note === undefined ? '' : `: ${note}`}`);
}
bench.print('');
for (const name of chosen) tables[name]!(bench);
if (bench.samples.reused > 0)
  bench.print(`${bench.samples.reused} figures are from an earlier, interrupted run.`);
bench.print(`At the end: ${describeLoad()}.`);
console.log(`\nThis text is in ${report}.`);
