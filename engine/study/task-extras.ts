import type { Resources } from '../contract/resources.ts';
import type { TaskDeclaration } from './declaration.ts';
import type { Evaluation } from './evaluate.ts';
import { evaluateLayered, evaluateNode } from './evaluate.ts';
import type { Located } from './located.ts';
import { valueOf } from './located.ts';
import { spanIn } from './prepare-options.ts';
import { parseDuration, parseSize } from './units-of-measure.ts';
import type { Failed, Value } from './value.ts';
import { describeValue, failed, isRecord } from './value.ts';

type Keep = 'always' | 'until-used';

/** Of a task that says nothing about them: its kind's stand. */
export const noResources: Partial<Resources> = {};

/** What a task says about how it is run. */
export interface TaskExtras {
  readonly resources: Partial<Resources>;
  readonly retries: number;
  readonly timeoutMs: number | undefined;
  readonly stallMs: number | undefined;
  /** Undefined where the kind decides. */
  readonly keep: (output: string) => Keep | undefined;
}

/** Reads `resources`, `retries`, `timeout`, `stall` and `keep`; their expressions are known only now. */
export function readExtras(task: TaskDeclaration, evaluation: Evaluation): TaskExtras | Failed {
  const resources = readResources(task, evaluation);
  const retries = readNumber(task, 'retries', evaluation);
  const timeout = readDuration(task, 'timeout', evaluation);
  const stall = readDuration(task, 'stall', evaluation);
  const keep = readKeep(task, evaluation);
  if (resources === failed || retries === failed || keep === failed) return failed;
  if (timeout === failed || stall === failed) return failed;
  return { resources, retries: retries ?? 0, timeoutMs: timeout, stallMs: stall, keep };
}

function readResources(task: TaskDeclaration, evaluation: Evaluation): Partial<Resources> | Failed {
  if (task.resources.layers.length === 0) return noResources;
  const values = evaluateLayered(task.resources, evaluation);
  if (values === failed || !isRecord(values)) return failed;
  const nodes = task.resources.nodes;
  const resources: { slots?: number; gpu?: number; cpu?: number; memoryBytes?: number } = {};
  const wrongOnes = new Set<string>();
  for (const [name, value] of Object.entries(values)) {
    const wrong = (expected: string): void => {
      wrongOnes.add(name);
      evaluation.findings.report({
        code: 'bad-resource',
        span: spanIn(nodes, [name], task.key),
        message: `'${name}' has to be ${expected}, and this is ${typeof value === 'number' ? value : describeValue(value)}`,
      });
    };
    if (name === 'slots' || name === 'gpu' || name === 'cpu') {
      if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) wrong('a whole number from 0');
      else resources[name] = value;
    } else if (name === 'memory') {
      const bytes = typeof value === 'number' || typeof value === 'string' ? parseSize(value) : undefined;
      if (bytes === undefined) wrong('a size such as 8GB or 512MiB');
      else resources.memoryBytes = bytes;
    }
  }
  return wrongOnes.size > 0 ? failed : resources;
}

function readNumber(
  task: TaskDeclaration,
  field: 'retries',
  evaluation: Evaluation,
): number | undefined | Failed {
  const node = valueOf(task.node, field);
  if (node === undefined) return undefined;
  const value = evaluateNode(node, task.scope, evaluation);
  if (value === failed) return failed;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 100) return value;
  return wrongField(node, `'${field}' has to be a whole number from 0 to 100`, value, evaluation);
}

function readDuration(
  task: TaskDeclaration,
  field: 'timeout' | 'stall',
  evaluation: Evaluation,
): number | undefined | Failed {
  const node = valueOf(task.node, field);
  if (node === undefined) return undefined;
  const value = evaluateNode(node, task.scope, evaluation);
  if (value === failed) return failed;
  const durationMs =
    typeof value === 'number' || typeof value === 'string' ? parseDuration(value) : undefined;
  return (
    durationMs ??
    wrongField(node, `'${field}' has to be a duration such as 90s, 20min or 2h`, value, evaluation)
  );
}

function readKeep(task: TaskDeclaration, evaluation: Evaluation): TaskExtras['keep'] | Failed {
  const node = valueOf(task.node, 'keep');
  if (node === undefined) return () => undefined;
  const value = evaluateNode(node, task.scope, evaluation);
  if (value === failed) return failed;
  if (isKeep(value)) return () => value;
  if (isRecord(value) && Object.values(value).every(isKeep)) {
    return (output) => (Object.hasOwn(value, output) ? (value[output] as Keep) : undefined);
  }
  const expected = "'keep' has to be 'always' or 'until-used', or a mapping of outputs to these";
  return wrongField(node, expected, value, evaluation);
}

function isKeep(value: Value): value is Keep {
  return value === 'always' || value === 'until-used';
}

function wrongField(node: Located, message: string, value: Value, { findings }: Evaluation): Failed {
  const said = typeof value === 'string' || typeof value === 'number' ? `'${value}'` : describeValue(value);
  findings.report({ code: 'wrong-type', span: node.span, message: `${message}, and this is ${said}` });
  return failed;
}
