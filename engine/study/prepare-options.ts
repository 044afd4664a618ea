import type { JsonObject } from '../../cache/json.ts';
import type { OutputPorts, TaskKind } from '../contract/task-kind.ts';
import type { TaskDeclaration } from './declaration.ts';
import { withDefaults } from './defaults.ts';
import type { Findings } from './findings.ts';
import type { Located } from './located.ts';
import { locate } from './located.ts';
import { reportSchemaErrors } from './schema-errors.ts';
import type { Span } from './source.ts';
import type { Failed } from './value.ts';
import { failed } from './value.ts';

/** Of all options that differ, as JSON. */
const mostCharacters = 300_000_000;

export interface PreparedOptions {
  /** Defaults filled in, names resolved, cut down for a smoke run. */
  readonly options: JsonObject;
  readonly outputs: OutputPorts;
}

/** Checks and completes a task's options. Instances mostly share theirs, so results are kept by content. */
export class OptionsPreparer {
  #characters = 0;
  readonly #prepared = new Map<string, PreparedOptions>();
  readonly #findings: Findings;
  readonly #smoke: boolean;

  constructor(findings: Findings, smoke: boolean) {
    this.#findings = findings;
    this.#smoke = smoke;
  }

  prepare(task: TaskDeclaration, raw: JsonObject, given: ReadonlySet<string>): PreparedOptions | Failed {
    const key = JSON.stringify([task.task.kind, [...given].sort(), raw]);
    const known = this.#prepared.get(key);
    if (known !== undefined) return known;
    this.#characters += key.length;
    if (this.#characters > mostCharacters) {
      this.#findings.report({
        code: 'too-large',
        span: task.key,
        message: `the options of all tasks become too large at '${task.name}' (more than ${mostCharacters / 1e6} MB)`,
        hint: 'keep large texts in files',
      });
      return failed;
    }
    const prepared = this.#check(task, raw, given);
    if (prepared !== failed) this.#prepared.set(key, prepared);
    return prepared;
  }

  #check(task: TaskDeclaration, raw: JsonObject, given: ReadonlySet<string>): PreparedOptions | Failed {
    const kind = task.task;
    const nodes = task.with.nodes;
    const schema = forGiven(kind, given);
    const filled = withDefaults(schema, raw);
    const wrong = reportSchemaErrors({
      schema,
      value: filled,
      nodes,
      findings: this.#findings,
      fallback: task.key,
      subject: `'${task.name}' (${kind.kind})`,
      given,
    });
    if (wrong) return failed;
    const resolved = kind.resolve?.(filled) ?? { kind: 'resolved', options: filled };
    if (resolved.kind === 'invalid') {
      const { path, message, hint } = resolved;
      this.#findings.report({ code: 'bad-option', message, hint, span: spanIn(nodes, path, task.key) });
      return failed;
    }
    const { options } = resolved;
    const final = this.#smoke && kind.smoke !== undefined ? kind.smoke(options) : options;
    const outputs = typeof kind.outputs === 'function' ? kind.outputs(final) : kind.outputs;
    return { options: final, outputs };
  }
}

/**
 * A name that may be an input or an option is neither asked for nor filled in where it is given as an input: an option of
 * that name would contradict it.
 */
function forGiven(kind: TaskKind, given: ReadonlySet<string>): JsonObject {
  const { properties = {}, required = [] } = kind.options as OptionsShape;
  const shared = [...given].filter((name) => Object.hasOwn(properties, name) || required.includes(name));
  if (shared.length === 0) return kind.options;
  const key = shared.sort().join(',');
  const variants = variantsOf(kind);
  const known = variants.get(key);
  if (known !== undefined) return known;
  const variant = {
    ...kind.options,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !given.has(name))),
    required: required.filter((name) => !given.has(name)),
  };
  variants.set(key, variant);
  return variant;
}

interface OptionsShape {
  readonly properties?: JsonObject;
  readonly required?: readonly string[];
}

const variantsByKind = new WeakMap<TaskKind, Map<string, JsonObject>>();

function variantsOf(kind: TaskKind): Map<string, JsonObject> {
  const known = variantsByKind.get(kind);
  if (known !== undefined) return known;
  const variants = new Map<string, JsonObject>();
  variantsByKind.set(kind, variants);
  return variants;
}

/** Where a part of an option was said, in whichever layer said it. */
export function spanIn(nodes: readonly Located[], path: readonly (string | number)[], fallback: Span): Span {
  for (let length = path.length; length > 0; length--) {
    for (const node of nodes) {
      const part = path.slice(0, length);
      const parent = locate(node, part.slice(0, -1)).node;
      const last = part[length - 1]!;
      const reached = parent.kind === 'map' ? parent.entries.has(String(last)) : parent.kind === 'list';
      if (reached && (length === 1 || node.kind === 'map')) return locate(node, part).node.span;
    }
  }
  return fallback;
}
