import { dirname } from 'node:path';
import type { RemoteSettings } from '../cache/remotes/remote-settings.ts';
import type { SlurmConfig } from '../engine/executors/slurm/config.ts';
import { Findings } from '../engine/study/findings.ts';
import { toJson, valueOf } from '../engine/study/located.ts';
import { parseStudy } from '../engine/study/parse-study.ts';
import { readTextFile } from '../engine/study/read-text-file.ts';
import { createSource } from '../engine/study/source.ts';
import { readRemotes } from './remotes/remotes-config.ts';
import { readSlurmConfig } from './slurm-config.ts';

/** What `sweetspot.config.yaml` says, as it says it. */
export interface Config {
  readonly cache: string | undefined;
  /** Whether that cache is only read. */
  readonly readOnly: boolean;
  /** Whether results count only where somebody trusted has signed them. */
  readonly signed: boolean;
  readonly member: string | undefined;
  readonly data: ReadonlyMap<string, string>;
  /** Where tasks compute if the command does not say; undefined: on this machine. */
  readonly executor: ExecutorName | undefined;
  /** How jobs are submitted; undefined where it says nothing of that. */
  readonly slurm: SlurmConfig | undefined;
  readonly remotes: readonly RemoteSettings[];
}

export type ExecutorName = (typeof executorNames)[number];
export const executorNames = ['local', 'slurm'] as const;

const emptyConfig: Config = {
  cache: undefined,
  readOnly: false,
  signed: false,
  member: undefined,
  data: new Map(),
  executor: undefined,
  slurm: undefined,
  remotes: [],
};

const largestConfigBytes = 256 * 1024;

/** The configuration, or what is wrong with it. It is read as a study is: within the same bounds, and refused for the same faults. */
export async function readConfig(file: string): Promise<Config | string> {
  const read = await readTextFile(file, largestConfigBytes);
  if (read.kind === 'unreadable') return read.reason;
  if (read.kind === 'too-large') return `has more than ${largestConfigBytes / 1024} KB`;
  if (read.text.split('\n').every((line) => /^\s*(#|$)/.test(line))) return emptyConfig;
  const findings = new Findings();
  const tree = parseStudy(createSource(file, read.text), findings);
  const unread = firstOf(findings);
  if (unread !== undefined) return unread;
  const value = tree === undefined ? null : toJson(tree);
  if (value === null) return emptyConfig;
  if (typeof value !== 'object' || Array.isArray(value))
    return 'expected a mapping with `data:`, `cache:` and `remotes:`';
  const { cache, data, member, executor, slurm, remotes: _, ...others } = value as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    return `unknown key '${unknown}' (known: data, cache, remotes, member, executor, slurm)`;
  const store = readStore(cache);
  if (typeof store === 'string') return store;
  if (member !== undefined && (typeof member !== 'string' || !/^[\p{L}\p{N}._@ -]{1,64}$/u.test(member)))
    return 'member: expected a name, as it is to stand in records of runs (letters, digits, . _ @ -)';
  const roots = readDataRoots(data ?? {});
  if (typeof roots === 'string') return roots;
  if (executor !== undefined && !isExecutor(executor))
    return `executor: expected one of ${executorNames.join(', ')}`;
  const jobs = slurm === undefined ? undefined : readSlurmConfig(slurm);
  if (typeof jobs === 'string') return jobs;
  const remotes = readRemotes(valueOf(tree, 'remotes'), { findings, from: dirname(file) });
  return firstOf(findings) ?? { ...store, member, data: roots, executor, slurm: jobs, remotes };
}

/** `cache: FOLDER`, or `cache: { dir: FOLDER, read_only: true, signed: true }`. */
function readStore(value: unknown): Pick<Config, 'cache' | 'readOnly' | 'signed'> | string {
  if (value === undefined) return { cache: undefined, readOnly: false, signed: false };
  const {
    dir,
    read_only: readOnly = false,
    signed = false,
    ...others
  } = typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : { dir: value };
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `cache: unknown key '${unknown}' (known: dir, read_only, signed)`;
  if (typeof dir !== 'string' || !isPath(dir))
    return 'cache: expected the path of a folder, or `{ dir: FOLDER, read_only: true }`';
  if (typeof readOnly !== 'boolean') return 'cache.read_only: expected true or false';
  if (typeof signed !== 'boolean') return 'cache.signed: expected true or false';
  return { cache: dir, readOnly, signed };
}

function isExecutor(value: unknown): value is ExecutorName {
  return (executorNames as readonly unknown[]).includes(value);
}

function firstOf(findings: Findings): string | undefined {
  const [problem] = findings.list();
  if (problem === undefined) return undefined;
  const { place, message, hint } = problem;
  return `line ${place.line}, column ${place.column}: ${message}${hint === undefined ? '' : ` (${hint})`}`;
}

function readDataRoots(data: unknown): ReadonlyMap<string, string> | string {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return 'data: expected a mapping of names to folders, e.g. voc: /data/VOCdevkit';
  const roots = new Map<string, string>();
  for (const [name, path] of Object.entries(data as Record<string, unknown>)) {
    if (typeof path !== 'string' || !isPath(path)) return `data.${name}: expected the path of a folder`;
    roots.set(name, path);
  }
  return roots;
}

function isPath(text: string): boolean {
  return text !== '' && !text.includes('\0');
}
