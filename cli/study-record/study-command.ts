import { basename } from 'node:path';
import type { Json } from '../../cache/json.ts';
import type { Plan, PlannedData } from '../../engine/plan/plan.ts';
import { sameJson } from '../../engine/study/defaults.ts';
import { defaultParams } from '../../engine/study/default-params.ts';
import { shellWord } from '../shell-word.ts';

export interface CommandRequest {
  readonly plan: Pick<Plan, 'file' | 'params' | 'smoke' | 'data'>;
  /** What the study file held; undefined where that is not known any more. */
  readonly text: string | undefined;
  /** Where data lies by the machine's configuration, so that nobody types it. */
  readonly configuredRoots: ReadonlyMap<string, string>;
  /** How a path is typed; undefined where it says something on this machine alone. */
  readonly typed: (path: string) => string | undefined;
}

/** Stands for a folder of data that each machine has in a place of its own. */
const anyFolder = 'FOLDER';

/** The command, quoted for a shell, that makes this plan of its study file again and runs it. */
export function studyCommand(request: CommandRequest): string {
  const { plan, typed } = request;
  const file = typed(plan.file) ?? basename(plan.file);
  const words = [
    file.startsWith('-') ? `./${file}` : file,
    ...paramWords(request),
    ...dataWords(request),
    ...(plan.smoke ? ['--smoke'] : []),
  ];
  return ['sweetspot run', ...words.map(shellWord)].join(' ');
}

/** The same for one task and what it needs. */
export function taskCommand(study: string, address: string): string {
  return `${study} --only ${shellWord(address)}`;
}

/** Parameters with another value than the file's own. */
function paramWords({ plan, text }: CommandRequest): readonly string[] {
  const defaults = text === undefined ? new Map<string, Json>() : defaultParams(text);
  return Object.entries(plan.params).flatMap(([name, value]) => {
    const own = defaults.get(name) ?? null;
    return own !== null && sameJson(own, value) ? [] : ['--param', `${name}=${paramText(value)}`];
  });
}

/** As `--param` reads it back: plain words as they are, all else as JSON, which is YAML too. */
function paramText(value: Json): string {
  const isPlain = typeof value === 'string' && /^[A-Za-z][\w./+-]*$/.test(value) && !yamlWord.test(value);
  return isPlain ? value : JSON.stringify(value);
}

/** What YAML takes for something else than text. */
const yamlWord = /^(?:true|false|null)$/i;

/** Folders of data that the command line said, once each. */
export function dataWords({
  plan,
  configuredRoots,
  typed,
}: Pick<CommandRequest, 'plan' | 'configuredRoots' | 'typed'>): readonly string[] {
  const words = new Map<string, string>();
  const sets = [...plan.data.values()];
  for (const set of sets) {
    const { root } = set;
    if (root === undefined || isConfigured(set, configuredRoots)) continue;
    const shared = sets.filter((other) => nameOf(other) === nameOf(set));
    const name = shared.every((other) => other.root === root) ? nameOf(set) : set.name;
    words.set(name, `${name}=${typed(root) ?? anyFolder}`);
  }
  return [...words.values()].flatMap((word) => ['--data', word]);
}

function nameOf({ name, rootName }: PlannedData): string {
  return rootName ?? name;
}

function isConfigured(set: PlannedData, configuredRoots: ReadonlyMap<string, string>): boolean {
  return [set.name, nameOf(set), set.adapter].some((name) => configuredRoots.get(name) === set.root);
}
