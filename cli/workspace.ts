import { existsSync } from 'node:fs';
import type { RemoteSettings } from '../cache/remotes/remote-settings.ts';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { SlurmConfig } from '../engine/executors/slurm/config.ts';
import type { ExecutorName } from './workspace-config.ts';

/** Where results are kept and data lies on this machine. Studies never say it. */
export interface Workspace {
  /** Folder that relative output paths start from: where the configuration or `.sweetspot` was found, else the current one. */
  readonly root: string;
  readonly storeDir: string;
  /** How whoever works here wants to be named in records of runs; undefined: not at all. */
  readonly member?: string | undefined;
  /** Whether results count only where somebody trusted has signed them. */
  readonly signed?: boolean;
  /** A store that is only read, over which `storeDir` lies: absolute. */
  readonly storeBelow?: string | undefined;
  readonly outDir: string;
  /** Data set name -> absolute folder. */
  readonly dataRoots: ReadonlyMap<string, string>;
  /** Those of `dataRoots` that the configuration says, and not the command line. */
  readonly configuredRoots: ReadonlyMap<string, string>;
  /** Where tasks compute if the command does not say. */
  readonly executor: ExecutorName;
  /** As the configuration has it. */
  readonly slurm: SlurmConfig | undefined;
  /** In the order in which they are asked. */
  readonly remotes: readonly RemoteSettings[];
}

export type WorkspaceResult =
  | { readonly kind: 'found'; readonly workspace: Workspace }
  | { readonly kind: 'invalid-config'; readonly file: string; readonly message: string };

const configName = 'sweetspot.config.yaml';

/**
 * Finds the workspace from `cwd` upwards (`sweetspot.config.yaml` or `.sweetspot` marks it). What the command line
 * says (`--data`, `--cache`) wins over the environment (`SWEETSPOT_CACHE`), which wins over the configuration.
 */
export async function findWorkspace(options: {
  readonly cwd: string;
  readonly data: readonly string[];
  readonly cacheDir: string | undefined;
  /** Whether the named store is only read; undefined: as the configuration says. */
  readonly readOnly?: boolean | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<WorkspaceResult> {
  const root = markedFolder(options.cwd) ?? options.cwd;
  const configFile = join(root, configName);
  // What reads YAML is loaded where there is some.
  const config = existsSync(configFile)
    ? await (await import('./workspace-config.ts')).readConfig(configFile)
    : {
        ...{ cache: undefined, readOnly: false, signed: false, member: undefined },
        ...{ data: [], executor: undefined, slurm: undefined, remotes: [] },
      };
  if (typeof config === 'string') return { kind: 'invalid-config', file: configFile, message: config };
  const configuredRoots = new Map<string, string>();
  for (const [name, path] of config.data) configuredRoots.set(name, resolve(root, path));
  const dataRoots = new Map(configuredRoots);
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
  const own = join(root, '.sweetspot');
  const named =
    cacheDir !== undefined
      ? resolve(options.cwd, cacheDir)
      : config.cache !== undefined
        ? resolve(root, config.cache)
        : own;
  const isRead = options.readOnly ?? (cacheDir === undefined && config.readOnly);
  if (isRead && named === own)
    return {
      kind: 'invalid-config',
      file: '--read-only',
      message: `${own} is where what is missing would be stored`,
    };
  const storeDir = isRead ? own : named;
  return {
    kind: 'found',
    workspace: {
      ...(isRead ? { storeBelow: named } : {}),
      ...(config.signed ? { signed: true } : {}),
      ...(config.member === undefined ? {} : { member: config.member }),
      ...{ root, storeDir, outDir: join(root, 'out'), dataRoots, configuredRoots },
      ...{ executor: config.executor ?? 'local', slurm: config.slurm, remotes: config.remotes },
    },
  };
}

function markedFolder(from: string): string | undefined {
  for (let dir = resolve(from); ; dir = dirname(dir)) {
    if (existsSync(join(dir, configName)) || existsSync(join(dir, '.sweetspot', 'store.json'))) return dir;
    if (dirname(dir) === dir) return undefined;
  }
}

/** A path as people read it: relative to `cwd` where that is shorter. */
export function shownPath(path: string, cwd: string): string {
  if (!isAbsolute(path)) return path;
  const prefix = cwd.endsWith('/') ? cwd : `${cwd}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}
