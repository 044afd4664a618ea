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
  const { cache, data, executor, slurm, remotes: _, ...others } = value as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `unknown key '${unknown}' (known: data, cache, remotes, executor, slurm)`;
  if (cache !== undefined && (typeof cache !== 'string' || !isPath(cache)))
    return 'cache: expected the path of a folder';
  const roots = readDataRoots(data ?? {});
  if (typeof roots === 'string') return roots;
  if (executor !== undefined && !isExecutor(executor))
    return `executor: expected one of ${executorNames.join(', ')}`;
  const jobs = slurm === undefined ? undefined : readSlurmConfig(slurm);
  if (typeof jobs === 'string') return jobs;
  const remotes = readRemotes(valueOf(tree, 'remotes'), { findings, from: dirname(file) });
  return firstOf(findings) ?? { cache, data: roots, executor, slurm: jobs, remotes };
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
