import type { Json, JsonObject } from '../../cache/json.ts';
import type { DataAdapter } from '../contract/data-adapter.ts';
import type { TaskKind } from '../contract/task-kind.ts';
import type { Axis } from './axis.ts';
import type { Layered } from './layered.ts';
import type { Located, LocatedMap, LocatedScalar } from './located.ts';
import type { DataReference } from './reference.ts';
import type { Span } from './source.ts';

/** What a study says, with its names put in order and nothing expanded yet. */
export type Declaration = TaskDeclaration | PoolDeclaration | GroupDeclaration;
/** What has instances. */
export type LeafDeclaration = TaskDeclaration | PoolDeclaration;

interface DeclarationFields {
  /** `lrr/retrain`. */
  readonly name: string;
  /** `retrain`. */
  readonly ownName: string;
  readonly key: Span;
  readonly node: LocatedMap;
  /** Where the names in its fields are looked up. */
  readonly scope: Scope;
  readonly parent: GroupDeclaration | undefined;
  /** Its own `matrix`. */
  readonly matrix: readonly Axis[];
  readonly each: Name | undefined;
  readonly condition: Located | undefined;
}

export interface TaskDeclaration extends DeclarationFields {
  readonly kind: 'task';
  readonly task: TaskKind;
  readonly with: Layered<Scope>;
  readonly resources: Layered<Scope>;
  readonly needs: readonly Name[];
  readonly per: readonly Name[];
}

/** `uses: pool`: a list known at plan time. It runs nothing. */
export interface PoolDeclaration extends DeclarationFields {
  readonly kind: 'pool';
  readonly models: Located | undefined;
  readonly per: readonly Name[];
  /** A member's position, as an axis of what says `each:` to the pool. */
  readonly axis: Axis;
}

export interface GroupDeclaration extends DeclarationFields {
  readonly kind: 'group';
  readonly needs: readonly Name[];
  /** Names inside. For a template, the scope of its own file. */
  readonly inner: Scope;
  readonly template: boolean;
  readonly repeat: Repeat | undefined;
}

export interface Repeat {
  readonly from: Located | undefined;
  readonly to: Located | undefined;
  readonly times: LocatedScalar | undefined;
  readonly until: LocatedScalar | undefined;
  readonly axis: Axis;
  readonly node: LocatedMap;
}

/** A name as somebody wrote it, `lrr.retrain`. */
export interface Name {
  readonly text: string;
  readonly span: Span;
}

export interface Scope {
  readonly file: FileScope;
  readonly tasks: Map<string, Declaration>;
  /** Names that were declared, but wrongly: what refers to them has nothing more to report. */
  readonly unusable: Set<string>;
  /** Undefined at the top of a file: a template sees nothing of the study that uses it. */
  readonly outer: Scope | undefined;
}

export interface FileScope {
  readonly params: ReadonlyMap<string, Param>;
  readonly data: ReadonlyMap<string, DataDeclaration>;
  /** Data sets that were declared, but wrongly. */
  readonly unusableData: ReadonlySet<string>;
  readonly axes: ReadonlyMap<string, Axis>;
}

export interface Param {
  readonly name: string;
  readonly span: Span;
  /** What the file itself says. `null`: any type, and required. */
  readonly fallback: Json;
  readonly bound:
    | { readonly kind: 'value'; readonly value: Json }
    /** Said by the `with` of the group that uses this file; read in that group's scope. */
    | {
        readonly kind: 'outer';
        readonly node: Located;
        readonly scope: Scope;
        /** The group whose coordinates are meant; there once the file has been declared. */
        readonly group: () => GroupDeclaration;
      };
}

export interface DataDeclaration {
  readonly name: string;
  readonly key: Span;
  readonly adapter: DataAdapter;
  readonly options: JsonObject;
  /** Absolute folder; undefined where it is embedded or not known. */
  readonly root: string | undefined;
  /** Under which name `--data` gives its folder. */
  readonly rootName: string;
  readonly reference: DataReference;
}
