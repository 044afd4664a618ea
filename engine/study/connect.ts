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
  const site: Site = { task, nodes: task.with.map((layer) => layer.node), findings };
  const inputs = new Map<string, PlannedInput>();
  const facts = new Map<string, Facts>();
  const options = new Map<string, Json>();
  const given = new Set<string>();
  let anyFailed = false;
  for (const [name, value] of Object.entries(values)) {
    const port = Object.hasOwn(task.task.inputs, name) ? task.task.inputs[name] : undefined;
    if (port === undefined || !takesAsInput(port, value, name, task)) {
      if (!option(name, value, port, site)) anyFailed = true;
      else options.set(name, asJson(value)!);
      continue;
    }
    given.add(name);
    if (!plug(name, port, value, { site, inputs, facts })) anyFailed = true;
  }
  for (const [name, port] of Object.entries(task.task.inputs)) {
    if (port.optional === true || given.has(name) || options.has(name) || name in values) continue;
    reportMissing(name, port, site);
    anyFailed = true;
  }
  if (anyFailed) return failed;
  return {
    inputs: Object.fromEntries(inputs),
    options: Object.fromEntries(options),
    facts: Object.fromEntries(facts),
    given,
  };
}

/** Where a name is both an input and an option, the value decides. */
function takesAsInput(port: InputPort, value: Value, name: string, task: TaskDeclaration): boolean {
  if (!optionNames(task).includes(name)) return true;
  if (isAnyReference(value)) return true;
  if (isList(value)) return value.some(isAnyReference);
  return port.source === 'artifact-map' && isRecord(value);
}

function option(name: string, value: Value, port: InputPort | undefined, site: Site): boolean {
  const { task, nodes, findings } = site;
  const names = optionNames(task);
  const span = spanIn(nodes, [name], task.key);
  if (port === undefined && !names.includes(name) && isClosed(task)) {
    // Unknown keys are the schema's to report, except where a reference shows that an input was meant.
    if (asJson(value) !== undefined) return true;
    const inputs = Object.keys(task.task.inputs);
    findings.report({
      code: 'unknown-key',
      span,
      message: `'${task.task.kind}' has no input '${name}'`,
      hint: suggest(name, inputs),
    });
    return false;
  }
  if (asJson(value) !== undefined) return true;
  const fact = isReference(value) ? [...value.keys()][0] : undefined;
  findings.report({
    code: 'wrong-type',
    span,
    message: `option '${name}' of '${task.task.kind}' takes a plain value, and this is ${describeValue(value)}`,
    hint:
      fact === undefined ? 'only inputs take references' : `its facts are plain values, for example .${fact}`,
  });
  return false;
}

interface Plugging {
  readonly site: Site;
  readonly inputs: Map<string, PlannedInput>;
  readonly facts: Map<string, Facts>;
}

function plug(name: string, port: InputPort, value: Value, { site, inputs, facts }: Plugging): boolean {
  switch (port.source) {
    case 'data': {
      if (!isDataReference(value)) return mismatch(name, 'a data set', value, site);
      inputs.set(name, { kind: 'data', data: value.data, part: undefined });
      facts.set(name, value.facts);
      return true;
    }
    case 'artifact-map': {
      if (!isRecord(value)) return mismatch(name, 'a mapping of names to references', value, site);
      return Object.entries(value).every(([key, item]) => {
        const slot = `${name}.${key}`;
        if (!isAnyReference(item)) return mismatch(slot, 'a reference', item, site, [name, key]);
        facts.set(slot, item.facts);
        if (isDataReference(item)) inputs.set(slot, { kind: 'data', data: item.data, part: undefined });
        else inputs.set(slot, { kind: 'artifact', from: item.from, output: item.output });
        return true;
      });
    }
    case 'artifact': {
      if (port.many !== true) {
        if (!isReference(value)) return mismatch(name, `a reference (${port.type})`, value, site);
        if (!fits(name, [port.type], value, site, [name])) return false;
        inputs.set(name, { kind: 'artifact', from: value.from, output: value.output });
        facts.set(name, value.facts);
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
  inputs.set(name, { kind: 'gathered', items });
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
  const said = task.with.flatMap(({ node }) => (node.kind === 'map' ? [...node.entries.keys()] : []));
  const misspelt = nearest(
    name,
    said.filter((key) => !(key in task.task.inputs) && !optionNames(task).includes(key)),
  );
  const what =
    port.source === 'data' ? 'a data set' : port.source === 'artifact' ? String(port.type) : 'references';
  const own = task.with[0]?.node;
  const withKey = task.node.entries.get('with')?.key;
  findings.report({
    code: 'missing-input',
    span: (own === undefined ? undefined : withKey) ?? task.key,
    message: `'${task.name}' (${task.task.kind}) needs the input '${name}' (${what})`,
    hint: misspelt === undefined ? `${name}: ${port.summary}` : `is '${misspelt}' meant to be '${name}'?`,
  });
}

function optionNames(task: TaskDeclaration): readonly string[] {
  const properties = task.task.options['properties'];
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
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
  const selected = new Map(Object.entries(inputs));
  let anyFailed = false;
  for (const [name, input] of selected) {
    const port = task.task.inputs[name];
    if (input.kind !== 'data' || port?.source !== 'data' || port.partOption === undefined) continue;
    const part = options[port.partOption];
    if (typeof part !== 'string') continue;
    selected.set(name, { ...input, part });
    const declared = data.get(input.data);
    const lists = declared?.adapter.lists?.(declared.options);
    const known = Object.values(lists ?? {}).flat();
    if (lists === undefined || known.includes(part)) continue;
    const nodes = task.with.map((layer) => layer.node);
    findings.report({
      code: 'unknown-part',
      span: spanIn(nodes, [port.partOption], task.key),
      message: `data set '${input.data}' has no part '${part}'`,
      hint: suggest(part, known),
    });
    anyFailed = true;
  }
  return anyFailed ? failed : Object.fromEntries(selected);
}
