import type { Json, JsonObject } from '../../cache/json.ts';
import type { Facts } from '../contract/scalar.ts';
import type { InputPort } from '../contract/task-kind.ts';
import type { GatheredItem, PlannedInput } from '../plan/plan.ts';
import type { DataDeclaration, TaskDeclaration } from './declaration.ts';
import type { Findings } from './findings.ts';
import type { Located } from './located.ts';
import { nearest, suggest } from './nearest.ts';
import { spanIn } from './prepare-options.ts';
import type { Reference } from './reference.ts';
import { isDataReference, isReference } from './reference.ts';
import type { Failed, Value } from './value.ts';
import { asJson, describeValue, failed, isList, isRecord, isAnyReference } from './value.ts';

/** `with`, taken apart: references went to inputs, the rest are options. */
export interface Connected {
  readonly inputs: { readonly [input: string]: PlannedInput };
  readonly options: JsonObject;
  /** Facts of the single inputs. */
  readonly facts: { readonly [input: string]: Facts };
  readonly given: ReadonlySet<string>;
}

interface Site {
  readonly task: TaskDeclaration;
  readonly nodes: readonly Located[];
  readonly findings: Findings;
}

/** Sorts a task's evaluated `with` into inputs and options, and checks that types fit. */
export function connect(
  task: TaskDeclaration,
  values: { readonly [key: string]: Value },
  findings: Findings,
): Connected | Failed {
  const site: Site = { task, nodes: task.with.nodes, findings };
  const inputs: { [input: string]: PlannedInput } = {};
  const facts: { [input: string]: Facts } = {};
  const options: { [option: string]: Json } = {};
  const given = new Set<string>();
  let anyFailed = false;
  for (const [name, value] of Object.entries(values)) {
    const port = Object.hasOwn(task.task.inputs, name) ? task.task.inputs[name] : undefined;
    if (port === undefined || !takesAsInput(port, value, name, task)) {
      const option = asJson(value);
      if (option === undefined) {
        reportNoOption(name, value, port, site);
        anyFailed = true;
      } else options[name] = option;
      continue;
    }
    given.add(name);
    if (!plug(name, port, value, { site, inputs, facts })) anyFailed = true;
  }
  for (const [name, port] of Object.entries(task.task.inputs)) {
    if (port.optional === true || given.has(name) || Object.hasOwn(values, name)) continue;
    reportMissing(name, port, site);
    anyFailed = true;
  }
  return anyFailed ? failed : { inputs, options, facts, given };
}

/** Where a name is both an input and an option, the value decides. */
function takesAsInput(port: InputPort, value: Value, name: string, task: TaskDeclaration): boolean {
  if (!isOption(task, name)) return true;
  if (isAnyReference(value)) return true;
  if (isList(value)) return value.some(isAnyReference);
  return port.source === 'artifact-map' && isRecord(value);
}

function reportNoOption(name: string, value: Value, port: InputPort | undefined, site: Site): void {
  const { task, nodes, findings } = site;
  const span = spanIn(nodes, [name], task.key);
  // Unknown keys are the schema's to report, except where a reference shows that an input was meant.
  if (port === undefined && !isOption(task, name) && isClosed(task)) {
    findings.report({
      code: 'unknown-key',
      span,
      message: `'${task.task.kind}' has no input '${name}'`,
      hint: suggest(name, Object.keys(task.task.inputs)),
    });
    return;
  }
  const fact = isReference(value) ? [...value.keys()][0] : undefined;
  findings.report({
    code: 'wrong-type',
    span,
    message: `option '${name}' of '${task.task.kind}' takes a plain value, and this is ${describeValue(value)}`,
    hint:
      fact === undefined ? 'only inputs take references' : `its facts are plain values, for example .${fact}`,
  });
}

interface Plugging {
  readonly site: Site;
  readonly inputs: { [input: string]: PlannedInput };
  readonly facts: { [input: string]: Facts };
}

function plug(name: string, port: InputPort, value: Value, { site, inputs, facts }: Plugging): boolean {
  switch (port.source) {
    case 'data': {
      if (!isDataReference(value)) return mismatch(name, 'a data set', value, site);
      inputs[name] = { kind: 'data', data: value.data, part: undefined };
      facts[name] = value.facts;
      return true;
    }
    case 'artifact-map': {
      if (!isRecord(value)) return mismatch(name, 'a mapping of names to references', value, site);
      return Object.entries(value).every(([key, item]) => {
        const slot = `${name}.${key}`;
        if (!isAnyReference(item)) return mismatch(slot, 'a reference', item, site, [name, key]);
        facts[slot] = item.facts;
        if (isDataReference(item)) inputs[slot] = { kind: 'data', data: item.data, part: undefined };
        else inputs[slot] = { kind: 'artifact', from: item.from, output: item.output };
        return true;
      });
    }
    case 'artifact': {
      if (port.many !== true) {
        if (!isReference(value)) return mismatch(name, `a reference (${port.type})`, value, site);
        if (!fits(name, [port.type], value, site, [name])) return false;
        inputs[name] = { kind: 'artifact', from: value.from, output: value.output };
        facts[name] = value.facts;
        return true;
      }
      const types = typeof port.type === 'string' ? [port.type] : port.type;
      return gather(name, { types, optional: port.optional === true }, value, { site, inputs, facts });
    }
  }
}

function gather(
  name: string,
  port: { readonly types: readonly string[]; readonly optional: boolean },
  value: Value,
  { site, inputs }: Plugging,
): boolean {
  // A list may hold references and lists of them (`all.t.out`): one level is flattened.
  const listed = isList(value) ? value : [value];
  const items: GatheredItem[] = [];
  for (const [index, entry] of listed.entries()) {
    for (const item of isList(entry) ? entry : [entry]) {
      const path = isList(value) ? [name, index] : [name];
      if (!isReference(item)) {
        return mismatch(name, `references (${port.types.join(' or ')})`, item, site, path);
      }
      if (!fits(name, port.types, item, site, path)) return false;
      const { from, output, coordinates, facts } = item;
      items.push({ from, output, coordinates, facts });
    }
  }
  if (items.length === 0 && !port.optional) {
    const { task, nodes, findings } = site;
    findings.report({
      code: 'empty',
      span: spanIn(nodes, [name], task.key),
      message: `input '${name}' of '${task.name}' gathers nothing`,
      hint: 'everything that it names is left out, or has no instances',
    });
    return false;
  }
  inputs[name] = { kind: 'gathered', items };
  return true;
}

function fits(
  name: string,
  types: readonly string[],
  reference: Reference,
  { task, nodes, findings }: Site,
  path: readonly (string | number)[],
): boolean {
  if (types.includes(reference.type) || types.includes('any')) return true;
  const from = reference.from.split('@')[0]!;
  findings.report({
    code: 'type-mismatch',
    span: spanIn(nodes, path, task.key),
    message: `input '${name}' of '${task.name}' takes ${types.join(' or ')}, and '${reference.output}' of '${from}' is ${reference.type}`,
    hint: `name an output of the type ${types.join(' or ')}`,
  });
  return false;
}

function mismatch(
  name: string,
  expected: string,
  value: Value,
  { task, nodes, findings }: Site,
  path: readonly (string | number)[] = [name],
): boolean {
  findings.report({
    code: 'wrong-type',
    span: spanIn(nodes, path, task.key),
    message: `input '${name}' of '${task.name}' takes ${expected}, and this is ${describeValue(value)}`,
    hint:
      typeof value === 'string' ? `write "\${{ ${value.replaceAll('/', '.')} }}" for a reference` : undefined,
  });
  return false;
}

function reportMissing(name: string, port: InputPort, { task, findings }: Site): void {
  // A name that is an option too, and one with a default, is asked for by the options' schema.
  const said = task.with.nodes.flatMap((node) => (node.kind === 'map' ? [...node.entries.keys()] : []));
  const misspelt = nearest(
    name,
    said.filter((key) => !(key in task.task.inputs) && !isOption(task, key)),
  );
  const what =
    port.source === 'data' ? 'a data set' : port.source === 'artifact' ? String(port.type) : 'references';
  const own = task.with.nodes[0];
  const withKey = task.node.entries.get('with')?.key;
  findings.report({
    code: 'missing-input',
    span: (own === undefined ? undefined : withKey) ?? task.key,
    message: `'${task.name}' (${task.task.kind}) needs the input '${name}' (${what})`,
    hint: misspelt === undefined ? `${name}: ${port.summary}` : `is '${misspelt}' meant to be '${name}'?`,
  });
}

function isOption(task: TaskDeclaration, name: string): boolean {
  const properties = task.task.options['properties'];
  return typeof properties === 'object' && properties !== null && Object.hasOwn(properties, name);
}

function isClosed(task: TaskDeclaration): boolean {
  return task.task.options['additionalProperties'] === false;
}

/** Fills in which part of a data set the options select, and checks that there is such a part. */
export function selectParts(
  task: TaskDeclaration,
  inputs: { readonly [input: string]: PlannedInput },
  options: JsonObject,
  data: ReadonlyMap<string, DataDeclaration>,
  findings: Findings,
): { readonly [input: string]: PlannedInput } | Failed {
  const selected: { [input: string]: PlannedInput } = { ...inputs };
  let anyFailed = false;
  for (const [name, input] of Object.entries(inputs)) {
    const port = Object.hasOwn(task.task.inputs, name) ? task.task.inputs[name] : undefined;
    if (input.kind !== 'data' || port?.source !== 'data' || port.partOption === undefined) continue;
    const part = options[port.partOption];
    if (typeof part !== 'string') continue;
    selected[name] = { ...input, part };
    const declared = data.get(input.data);
    const lists = declared?.adapter.lists?.(declared.options);
    const known = Object.values(lists ?? {}).flat();
    if (lists === undefined || known.includes(part)) continue;
    const nodes = task.with.nodes;
    findings.report({
      code: 'unknown-part',
      span: spanIn(nodes, [port.partOption], task.key),
      message: `data set '${input.data}' has no part '${part}'`,
      hint: suggest(part, known),
    });
    anyFailed = true;
  }
  return anyFailed ? failed : selected;
}
