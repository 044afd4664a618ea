import { dirname, relative, resolve } from 'node:path';
import type { Registry } from '../contract/registry.ts';
import { createAxis } from './axis.ts';
import { declareData } from './declare-data.ts';
import type {
  DataDeclaration,
  Declaration,
  FileScope,
  GroupDeclaration,
  Name,
  Repeat,
  Scope,
} from './declaration.ts';
import type { ParamBinding } from './declare-params.ts';
import { declareParams } from './declare-params.ts';
import type { Evaluation } from './evaluate.ts';
import { evaluateNode } from './evaluate.ts';
import type { ExpressionCompiler } from './expression.ts';
import { checkNames } from './check-names.ts';
import { declareAxes } from './declare-axes.ts';
import type { Findings } from './findings.ts';
import type { ParsedFiles } from './load-sources.ts';
import { isTemplatePath } from './load-sources.ts';
import type { Layer } from './layered.ts';
import { Layered } from './layered.ts';
import type { Located, LocatedMap } from './located.ts';
import { entryOf, mapOf, stringOf, valueOf } from './located.ts';
import { suggest } from './nearest.ts';
import type { Span } from './source.ts';
import { lookupStatic } from './static-lookup.ts';

/** More tasks than this in one study (templates counted as often as they are used) is a mistake. */
const mostDeclarations = 50_000;
const deepestGroups = 24;

export interface DeclareRequest {
  readonly files: ParsedFiles;
  readonly registry: Registry;
  /** Overrides of the study's params, as text from the command line: YAML scalars. */
  readonly params: ReadonlyMap<string, string>;
  readonly dataRoots: ReadonlyMap<string, string>;
  readonly smoke: boolean;
  readonly findings: Findings;
  readonly compiler: ExpressionCompiler;
}

export interface DeclaredStudy {
  readonly name: string;
  readonly scope: Scope;
  /** Data sets of the study and its templates. */
  readonly data: readonly DataDeclaration[];
}

/** Puts a study's names in order: params, data, axes, tasks, groups. Reports names and kinds that do not exist. */
export function declareStudy(file: string, tree: LocatedMap, request: DeclareRequest): DeclaredStudy {
  const declarer = new Declarer(request);
  const scope = declarer.study({ file, tree, template: undefined, stack: [file], defaults: [] });
  return { name: stringOf(tree, 'study')?.value ?? '', scope, data: declarer.data };
}

interface FileRequest {
  readonly file: string;
  readonly tree: LocatedMap;
  /** What uses this file as a template. */
  readonly template: { readonly name: string; readonly binding: ParamBinding } | undefined;
  readonly stack: readonly string[];
  /** Defaults of the files that use this one, nearest first. */
  readonly defaults: readonly Layer<Scope>[];
}

/** What an entry of `tasks` is declared with. */
interface EntryRequest {
  readonly ownName: string;
  readonly key: Span;
  readonly node: LocatedMap;
  readonly scope: Scope;
  readonly parent: GroupDeclaration | undefined;
  readonly file: FileRequest;
  readonly depth: number;
}

class Declarer {
  readonly data: DataDeclaration[] = [];
  readonly #request: DeclareRequest;
  #count = 0;

  constructor(request: DeclareRequest) {
    this.#request = request;
  }

  study(request: FileRequest): Scope {
    const { scope, file } = this.#open(request);
    this.#entries(mapOf(file.tree, 'tasks'), scope, undefined, file, 0);
    return scope;
  }

  /** A file's params, data and axes; its tasks come later, when there is a group for them to be in. */
  #open(request: FileRequest): { readonly scope: Scope; readonly file: FileRequest } {
    const { tree, template } = request;
    const { findings } = this.#request;
    const owner = template?.name ?? '';
    const params = declareParams(mapOf(tree, 'params'), {
      findings,
      overrides: template === undefined ? this.#request.params : new Map(),
      template: template?.binding,
    });
    checkNames(params.keys(), mapOf(tree, 'params'), 'parameter', this.#request.findings);
    const withParams = createScope({ params, data: new Map(), unusableData: new Set(), axes: new Map() });
    const data = declareData(mapOf(tree, 'data'), {
      ...this.#request,
      prefix: template === undefined ? '' : `${owner}/`,
      evaluate: (node) => evaluateNode(node, withParams, this.#static()),
    });
    checkNames(data.keys(), mapOf(tree, 'data'), 'data set', this.#request.findings);
    this.data.push(...data.values());
    const unusableData = new Set(
      [...(mapOf(tree, 'data')?.entries.keys() ?? [])].filter((name) => !data.has(name)),
    );
    const withData = createScope({ params, data, unusableData, axes: new Map() });
    const axes = declareAxes(mapOf(tree, 'matrix'), {
      scope: withData,
      evaluation: this.#static(),
      findings: this.#request.findings,
      ...{ kind: 'study', owner },
    });
    const scope = createScope({
      params,
      data,
      unusableData,
      axes: new Map(axes.map((axis) => [axis.name, axis])),
    });
    const own = mapOf(tree, 'defaults');
    const defaults = own === undefined ? request.defaults : [{ node: own, scope }, ...request.defaults];
    return { scope, file: { ...request, defaults } };
  }

  #static(): Evaluation {
    const { compiler, findings } = this.#request;
    return { compiler, findings, lookup: lookupStatic({ compiler, findings }) };
  }

  #entries(
    tasks: LocatedMap | undefined,
    scope: Scope,
    parent: GroupDeclaration | undefined,
    file: FileRequest,
    depth: number,
  ): void {
    checkNames(tasks?.entries.keys() ?? [], tasks, 'task', this.#request.findings);
    for (const [ownName, { key, value }] of tasks?.entries ?? []) {
      if (value.kind !== 'map' || ownName.startsWith('x-')) continue;
      if (++this.#count > mostDeclarations || depth > deepestGroups) {
        const message =
          depth > deepestGroups
            ? `groups are nested more than ${deepestGroups} deep`
            : `templates expand to more than ${mostDeclarations} tasks`;
        this.#request.findings.report({ code: 'too-large', span: key, message });
        return;
      }
      const declaration = this.#entry({ ownName, key, node: value, scope, parent, file, depth });
      if (declaration === undefined) scope.unusable.add(ownName);
      else scope.tasks.set(ownName, declaration);
    }
  }

  #entry(request: EntryRequest): Declaration | undefined {
    const { ownName, key, node, scope, parent, file } = request;
    const name = parent === undefined ? ownName : `${parent.name}/${ownName}`;
    const uses = stringOf(node, 'uses');
    const fields = {
      name,
      ownName,
      key,
      node,
      scope,
      parent,
      matrix: declareAxes(mapOf(node, 'matrix'), {
        scope,
        evaluation: this.#static(),
        findings: this.#request.findings,
        ...{ kind: 'matrix', owner: name },
      }),
      each: nameOf(valueOf(node, 'each')),
      condition: valueOf(node, 'if'),
    };
    const per = namesOf(valueOf(node, 'per'));
    const needs = namesOf(valueOf(node, 'needs'));
    if (entryOf(node, 'tasks') !== undefined || (uses !== undefined && isTemplatePath(uses.value))) {
      return this.#group({ ...fields, needs }, request, uses);
    }
    if (uses === undefined) {
      if (entryOf(node, 'uses') === undefined) {
        this.#request.findings.report({
          code: 'no-uses',
          span: key,
          message: `'${name}' does not say what it is`,
          hint: 'give it `uses: KIND`, `uses: ./file.yaml` or inner `tasks:`',
        });
      }
      return undefined;
    }
    if (uses.value === 'pool') {
      const axis = createAxis({ kind: 'pool', name: ownName, owner: name, span: key, values: [] });
      return { ...fields, kind: 'pool', models: valueOf(mapOf(node, 'with'), 'models'), per, axis };
    }
    const task = this.#request.registry.kinds.find((kind) => kind.kind === uses.value);
    if (task === undefined) {
      const kinds = [...this.#request.registry.kinds.map((kind) => kind.kind), 'pool'];
      this.#request.findings.report({
        code: 'unknown-kind',
        span: uses.span,
        message: `there is no task kind '${uses.value}'`,
        hint: suggest(uses.value, kinds),
      });
      return undefined;
    }
    const layered = (field: 'with' | 'resources'): Layered<Scope> => {
      const own = mapOf(node, field);
      const defaults = file.defaults.flatMap((layer) => {
        const under = mapOf(mapOf(layer.node, task.kind), field);
        return under === undefined ? [] : [{ node: under, scope: layer.scope }];
      });
      return new Layered(own === undefined ? defaults : [{ node: own, scope }, ...defaults]);
    };
    // One by one, not by spreading: there may be ten thousand of them.
    return {
      kind: 'task',
      name,
      ownName,
      key,
      node,
      scope,
      parent,
      matrix: fields.matrix,
      each: fields.each,
      condition: fields.condition,
      task,
      with: layered('with'),
      resources: layered('resources'),
      needs,
      per,
    };
  }

  #group(
    fields: Omit<GroupDeclaration, 'kind' | 'inner' | 'template' | 'repeat'>,
    request: EntryRequest,
    uses: { readonly value: string; readonly span: Span } | undefined,
  ): GroupDeclaration | undefined {
    const { node, file } = request;
    const repeat = repeatOf(mapOf(node, 'repeat'), fields.name);
    if (uses === undefined || !isTemplatePath(uses.value)) {
      const inner: Scope = {
        file: fields.scope.file,
        tasks: new Map(),
        unusable: new Set(),
        outer: fields.scope,
      };
      const group: GroupDeclaration = { ...fields, kind: 'group', inner, template: false, repeat };
      this.#entries(mapOf(node, 'tasks'), inner, group, file, request.depth + 1);
      return group;
    }
    const path = resolve(dirname(file.file), uses.value);
    if (file.stack.includes(path)) {
      const cycle = [...file.stack.slice(file.stack.indexOf(path)), path];
      this.#request.findings.report({
        code: 'cycle',
        span: uses.span,
        message: `files use each other in a circle: ${cycle.map((at) => relative(dirname(file.stack[0]!), at)).join(' -> ')}`,
        hint: 'a template cannot contain itself',
      });
      return undefined;
    }
    const parsed = this.#request.files.get(path);
    if (parsed?.tree.kind !== 'map') return undefined;
    const owner: { group?: GroupDeclaration } = {};
    const opened = this.#open({
      file: path,
      tree: parsed.tree,
      template: { name: fields.name, binding: { node, scope: fields.scope, group: () => owner.group! } },
      stack: [...file.stack, path],
      defaults: file.defaults,
    });
    const group: GroupDeclaration = { ...fields, kind: 'group', inner: opened.scope, template: true, repeat };
    owner.group = group;
    this.#entries(mapOf(parsed.tree, 'tasks'), opened.scope, group, opened.file, request.depth + 1);
    return group;
  }
}

function createScope(file: FileScope): Scope {
  return { file, tasks: new Map<string, Declaration>(), unusable: new Set(), outer: undefined };
}

function repeatOf(node: LocatedMap | undefined, owner: string): Repeat | undefined {
  if (node === undefined) return undefined;
  const bare = (key: string): Repeat['times'] => {
    const value = valueOf(node, key);
    return value?.kind === 'scalar' && value.value !== null ? value : undefined;
  };
  const name = stringOf(node, 'as')?.value ?? 'step';
  return {
    node,
    from: valueOf(node, 'from'),
    to: valueOf(node, 'to'),
    times: bare('times'),
    until: bare('until'),
    axis: createAxis({ kind: 'step', name, owner, span: node.span, values: [] }),
  };
}

function nameOf(node: Located | undefined): Name | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string'
    ? { text: node.value, span: node.span }
    : undefined;
}

function namesOf(node: Located | undefined): readonly Name[] {
  const items = node?.kind === 'list' ? node.items : node === undefined ? [] : [node];
  return items.flatMap((item) => nameOf(item) ?? []);
}
