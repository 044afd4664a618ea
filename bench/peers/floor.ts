import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inOut, type Contestant } from './contestant.ts';

/** No peer: the least that a runner of commands written for Node can do. It remembers nothing. */
export function floor(): Contestant {
  return {
    name: 'bare Node',
    version: process.versions.node,
    note: 'the floor: spawns, hashes the output, syncs a line of a journal; nothing else',
    write: ({ dir }) => mkdirSync(`${dir}/out`),
    build: ({ dir, tasks, jobs }) => ({
      argv: [process.execPath, join(import.meta.dirname, '../floor.mjs'), String(tasks), String(jobs)],
      cwd: dir,
    }),
    output: inOut,
  };
}
