import { resolve } from 'node:path';
import type { JsonObject } from '../../cache/json.ts';
import type { Registry } from '../contract/registry.ts';
import type { Plan, PlannedData } from '../plan/plan.ts';
import { buildGraph } from '../plan/graph.ts';
import { brokenLeaves } from './broken-leaves.ts';
import type { DataDeclaration, FileScope } from './declaration.ts';
import { declareStudy } from './declare.ts';
import type { Diagnostic } from './diagnostic.ts';
import { expandStudy } from './expand.ts';
import { ExpressionCompiler } from './expression.ts';
import { Findings } from './findings.ts';
import { loadSources } from './load-sources.ts';
import { leavesOf } from './names.ts';
import { orderUnits } from './order.ts';
import { findReach } from './reach.ts';
import { placeOf } from './source.ts';
import { UseFinder } from './uses.ts';
import { validateFiles } from './validate.ts';

export interface LoadStudyRequest {
  readonly file: string;
  readonly registry: Registry;
  /** `--param k=v`: text that is read as a YAML value. */
  readonly params?: ReadonlyMap<string, string>;
  /** `--data NAME=PATH`, and the machine's configuration: by the name of a data set, its `root`, or its adapter. */
  readonly dataRoots?: ReadonlyMap<string, string>;
  readonly smoke?: boolean;
  /** Whether results that were made from some data can be told though it is not here; default: never. */
  readonly isRecorded?: (study: string, data: PlannedData, part: string | undefined) => boolean;
  /** The study's text, instead of the file's content. */
  readonly text?: string;
}

/** Text of each file that was read, by absolute path: what diagnostics quote. */
export type Sources = ReadonlyMap<string, string>;

export type LoadedStudy =
  | { readonly kind: 'planned'; readonly plan: Plan; readonly sources: Sources }
  | { readonly kind: 'invalid'; readonly diagnostics: readonly Diagnostic[]; readonly sources: Sources };

/**
 * Text -> parse -> validate -> expand -> plan. Everything that is wrong is found in one go and returned with its place;
 * nothing is thrown for what a file says. A data set without a folder has the code `missing-data`.
 */
export async function loadStudy(request: LoadStudyRequest): Promise<LoadedStudy> {
  const quick = await readStudy(request, true);
  // What is wrong is said by the reader that knows all of YAML, and where each thing ends.
  return quick.kind === 'uncertain' ? ((await readStudy(request, false)) as LoadedStudy) : quick;
}

type ReadStudy = LoadedStudy | { readonly kind: 'uncertain' };

async function readStudy(request: LoadStudyRequest, quick: boolean): Promise<ReadStudy> {
  const file = resolve(request.file);
  const findings = new Findings();
  const files = await loadSources({ file, text: request.text, quick }, findings);
  const root = files.get(file);
  const invalid = (): ReadStudy => {
    if ([...files.values()].some((one) => one?.isPlain === true)) return { kind: 'uncertain' };
    return { kind: 'invalid', diagnostics: findings.list(), sources: textsOf(findings) };
  };
  if (root === undefined) return invalid();
  const { tree } = root;
  if (tree.kind !== 'map') {
    findings.report({
      code: 'wrong-type',
      span: tree.span,
      message: 'a study is a mapping',
      hint: 'begin with `study: NAME` and `tasks:`',
    });
    return invalid();
  }

  const compiler = new ExpressionCompiler();
  const smoke = request.smoke ?? false;
  const declared = declareStudy(file, tree, {
    files,
    registry: request.registry,
    params: request.params ?? new Map(),
    dataRoots: request.dataRoots ?? new Map(),
    smoke,
    findings,
    compiler,
  });
  validateFiles(files, request.registry, findings);
  const leaves = [...declared.scope.tasks.values()].flatMap(leavesOf);
  const finder = new UseFinder(compiler, findings);
  const units = orderUnits(leaves, finder, findings);
  const reach = findReach(units, finder, findings);
  const broken = brokenLeaves(leaves, findings.spans);
  if (broken === 'all') return invalid();

  const data = new Map(declared.data.map((one) => [one.name, one]));
  const expanded = expandStudy({ units, reach, data, broken, finder, compiler, findings, smoke });
  const { pools, leftOut } = expanded;
  const tasks = new Map(expanded.tasks.map((task) => [task.id, task]));
  const plan: Plan = {
    study: declared.name,
    file,
    params: paramsOf(declared.scope.file),
    smoke,
    tasks,
    graph: buildGraph(tasks),
    data: new Map([...data.values()].map((one) => [one.name, plannedData(one)])),
    pools,
    leftOut,
  };
  reportMissingData(plan, { data, findings, isRecorded: request.isRecorded });
  if (findings.spans.length > 0) return invalid();
  return { kind: 'planned', plan, sources: textsOf(findings) };
}

function reportMissingData(
  plan: Plan,
  parts: {
    readonly data: ReadonlyMap<string, DataDeclaration>;
    readonly findings: Findings;
    readonly isRecorded: LoadStudyRequest['isRecorded'];
  },
): void {
  const { data, findings, isRecorded } = parts;
  const missing = new Set<DataDeclaration>();
  for (const task of plan.tasks.values()) {
    for (const input of Object.values(task.inputs)) {
      const declared = input.kind === 'data' ? data.get(input.data) : undefined;
      if (declared === undefined || declared.root !== undefined || declared.adapter.embedded) continue;
      const part = input.kind === 'data' ? input.part : undefined;
      const planned = plan.data.get(declared.name)!;
      if (!missing.has(declared) && isRecorded?.(plan.study, planned, part) !== true) missing.add(declared);
    }
  }
  for (const { name, key, adapter, rootName } of missing) {
    findings.report({
      code: 'missing-data',
      span: key,
      message: `where the data set '${name}' (${adapter.adapter}) lies on this machine is not known`,
      hint: `--data ${rootName}=PATH, or \`data: { ${rootName}: PATH }\` in sweetspot.config.yaml`,
    });
  }
}

function plannedData(declared: DataDeclaration): PlannedData {
  const { name, adapter, options, root, rootName, reference, key } = declared;
  return {
    ...{ name, adapter: adapter.adapter, options, root },
    ...(root === undefined || rootName === name ? {} : { rootName }),
    ...{ facts: reference.facts, place: placeOf(key) },
  };
}

function paramsOf({ params }: FileScope): JsonObject {
  return Object.fromEntries(
    [...params.values()].flatMap(({ name, bound }) => (bound.kind === 'value' ? [[name, bound.value]] : [])),
  );
}

function textsOf(findings: Findings): Sources {
  return new Map([...findings.sources].map(([path, source]) => [path, source.text]));
}
