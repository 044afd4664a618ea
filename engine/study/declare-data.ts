import { resolve } from 'node:path';
import type { Registry } from '../contract/registry.ts';
import { withDefaults } from './defaults.ts';
import type { DataDeclaration } from './declaration.ts';
import type { Findings } from './findings.ts';
import type { Located, LocatedMap } from './located.ts';
import { stringOf } from './located.ts';
import { suggest } from './nearest.ts';
import { DataReferenceValue } from './reference.ts';
import type { Failed, Value } from './value.ts';
import { asJson, failed, isRecord } from './value.ts';
import { reportSchemaErrors } from './schema-errors.ts';

export interface DataRequest {
  readonly registry: Registry;
  readonly findings: Findings;
  /** By the name of the data set, the `root` it names, or its adapter. */
  readonly dataRoots: ReadonlyMap<string, string>;
  readonly smoke: boolean;
  /** Before the names of a template's own data sets. */
  readonly prefix: string;
  readonly evaluate: (node: Located) => Value | Failed;
}

/** A file's `data:`: each entry names an adapter and its options. Whether the data is there is asked only if a task uses it. */
export function declareData(
  node: LocatedMap | undefined,
  request: DataRequest,
): ReadonlyMap<string, DataDeclaration> {
  const data = new Map<string, DataDeclaration>();
  for (const [name, { key, value }] of node?.entries ?? []) {
    if (name.startsWith('x-') || value.kind !== 'map') continue;
    const declared = declareOne(name, { key, node: value }, request);
    if (declared !== undefined) data.set(name, declared);
  }
  return data;
}

function declareOne(
  name: string,
  { key, node }: { readonly key: DataDeclaration['key']; readonly node: LocatedMap },
  request: DataRequest,
): DataDeclaration | undefined {
  const { registry, findings, dataRoots } = request;
  const uses = stringOf(node, 'uses');
  if (uses === undefined) {
    findings.report({
      code: 'no-uses',
      span: key,
      message: `data set '${name}' does not say how it is read`,
      hint: `give it \`uses:\` ${registry.adapters.map((adapter) => adapter.adapter).join(', ')}`,
    });
    return undefined;
  }
  const adapter = registry.adapters.find((one) => one.adapter === uses.value);
  if (adapter === undefined) {
    findings.report({
      code: 'unknown-adapter',
      span: uses.span,
      message: `there is no data adapter '${uses.value}'`,
      hint: suggest(
        uses.value,
        registry.adapters.map((one) => one.adapter),
      ),
    });
    return undefined;
  }
  const evaluated = request.evaluate(withoutEngineKeys(node, adapter.options));
  if (evaluated === failed) return undefined;
  const raw = asJson(evaluated);
  if (raw === undefined || !isRecord(evaluated)) return undefined;
  const filled = withDefaults(adapter.options, raw as { readonly [key: string]: NonNullable<typeof raw> });
  if (
    reportSchemaErrors({
      schema: adapter.options,
      value: filled,
      nodes: [node],
      findings,
      fallback: key,
      subject: `data set '${name}'`,
    })
  ) {
    return undefined;
  }
  const options = request.smoke && adapter.smoke !== undefined ? adapter.smoke(filled) : filled;
  const fullName = request.prefix + name;
  const facts = adapter.facts?.(options) ?? {};
  const lists = adapter.lists?.(options) ?? {};
  const rootName = stringOf(node, 'root')?.value;
  const names = [fullName, name, ...(rootName === undefined ? [] : [rootName]), adapter.adapter];
  const root = names.map((one) => dataRoots.get(one)).find((one) => one !== undefined);
  return {
    name: fullName,
    key,
    adapter,
    options,
    root: root === undefined || adapter.embedded ? undefined : resolve(root),
    rootName: rootName ?? name,
    reference: new DataReferenceValue({ data: fullName, facts, lists }),
  };
}

/** `uses` and `root` are the engine's, all else is the adapter's. */
function withoutEngineKeys(node: LocatedMap, options: { readonly [key: string]: unknown }): LocatedMap {
  const properties = options['properties'];
  const ownsRoot = typeof properties === 'object' && properties !== null && 'root' in properties;
  return {
    ...node,
    entries: new Map(
      [...node.entries].filter(
        ([key]) => key !== 'uses' && !key.startsWith('x-') && (key !== 'root' || ownsRoot),
      ),
    ),
  };
}
