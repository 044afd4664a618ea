import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { Findings } from '../engine/study/findings.ts';
import { toJson } from '../engine/study/located.ts';
import { parseStudy } from '../engine/study/parse-study.ts';
import { readTextFile } from '../engine/study/read-text-file.ts';
import { createSource } from '../engine/study/source.ts';

/** Where results are kept and data lies on this machine. Studies never say it. */
export interface Workspace {
  /** Folder that relative output paths start from: where the configuration or `.sweetspot` was found, else the current one. */
  readonly root: string;
  readonly storeDir: string;
  readonly outDir: string;
  /** Data set name -> absolute folder. */
  readonly dataRoots: ReadonlyMap<string, string>;
}

export type WorkspaceResult =
  | { readonly kind: 'found'; readonly workspace: Workspace }
  | { readonly kind: 'invalid-config'; readonly file: string; readonly message: string };

const configName = 'sweetspot.config.yaml';
const largestConfigBytes = 256 * 1024;

/**
 * Finds the workspace from `cwd` upwards (`sweetspot.config.yaml` or `.sweetspot` marks it). What the command line
 * says (`--data`, `--cache`) wins over the environment (`SWEETSPOT_CACHE`), which wins over the configuration.
 */
export async function findWorkspace(options: {
  readonly cwd: string;
  readonly data: readonly string[];
  readonly cacheDir: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<WorkspaceResult> {
  const root = markedFolder(options.cwd) ?? options.cwd;
  const configFile = join(root, configName);
  const config = existsSync(configFile) ? await readConfig(configFile) : emptyConfig;
  if (typeof config === 'string') return { kind: 'invalid-config', file: configFile, message: config };
  const dataRoots = new Map<string, string>();
  for (const [name, path] of config.data) dataRoots.set(name, resolve(root, path));
  for (const pair of options.data) {
    const split = pair.indexOf('=');
    if (split <= 0) {
      return {
        kind: 'invalid-config',
        file: '--data',
        message: `'${pair}' is not NAME=PATH, e.g. --data voc=/data/VOCdevkit`,
      };
    }
    dataRoots.set(pair.slice(0, split), resolve(options.cwd, pair.slice(split + 1)));
  }
  const fromEnvironment = options.env['SWEETSPOT_CACHE'];
  const cacheDir = options.cacheDir ?? (fromEnvironment === '' ? undefined : fromEnvironment);
  const storeDir =
    cacheDir !== undefined
      ? resolve(options.cwd, cacheDir)
      : config.cache !== undefined
        ? resolve(root, config.cache)
        : join(root, '.sweetspot');
  return { kind: 'found', workspace: { root, storeDir, outDir: join(root, 'out'), dataRoots } };
}

function markedFolder(from: string): string | undefined {
  for (let dir = resolve(from); ; dir = dirname(dir)) {
    if (existsSync(join(dir, configName)) || existsSync(join(dir, '.sweetspot', 'store.json'))) return dir;
    if (dirname(dir) === dir) return undefined;
  }
}

interface Config {
  readonly cache: string | undefined;
  readonly data: ReadonlyMap<string, string>;
}

const emptyConfig: Config = { cache: undefined, data: new Map() };

/** The configuration, or what is wrong with it. It is read as a study is: within the same bounds, and refused for the same faults. */
async function readConfig(file: string): Promise<Config | string> {
  const read = await readTextFile(file, largestConfigBytes);
  if (read.kind === 'unreadable') return read.reason;
  if (read.kind === 'too-large') return `has more than ${largestConfigBytes / 1024} KB`;
  if (read.text.split('\n').every((line) => /^\s*(#|$)/.test(line))) return emptyConfig;
  const findings = new Findings();
  const tree = parseStudy(createSource(file, read.text), findings);
  const [problem] = findings.list();
  if (problem !== undefined) {
    const { place, message, hint } = problem;
    return `line ${place.line}, column ${place.column}: ${message}${hint === undefined ? '' : ` (${hint})`}`;
  }
  const value = tree === undefined ? null : toJson(tree);
  if (value === null) return emptyConfig;
  if (typeof value !== 'object' || Array.isArray(value))
    return 'expected a mapping with `data:` and `cache:`';
  const { cache, data, ...others } = value as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `unknown key '${unknown}' (known: data, cache)`;
  if (cache !== undefined && (typeof cache !== 'string' || !isPath(cache)))
    return 'cache: expected the path of a folder';
  const roots = readDataRoots(data ?? {});
  return typeof roots === 'string' ? roots : { cache, data: roots };
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

/** A path as people read it: relative to `cwd` where that is shorter. */
export function shownPath(path: string, cwd: string): string {
  if (!isAbsolute(path)) return path;
  const prefix = cwd.endsWith('/') ? cwd : `${cwd}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}
