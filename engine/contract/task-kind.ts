import type { JsonObject } from '../../cache/json.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Resources } from './resources.ts';
import type { Facts } from './scalar.ts';
import type { RunTask } from './task-context.ts';

/**
 * What a node of a study can do. A kind's contract is plain data and pure functions, so that a plan is made without
 * loading what runs it; `load` brings the code, in the worker.
 *
 * In a study, `with` holds inputs and options side by side: a name in `inputs` takes a reference, any other an option.
 * A name may be both (`train`'s `model`: a name, or a checkpoint); then the value decides, and `required` asks for one.
 */
export interface TaskKind {
  /** As `uses:` names it. */
  readonly kind: string;
  /** One line, for help and the generated schema. */
  readonly summary: string;
  /** Bumped when the same inputs and options give other bytes. May depend on the options, so that a fix in one model spares the others. */
  readonly version: number | ((options: JsonObject) => number);
  /** Schema of the options: `{ type: 'object', properties, required, additionalProperties: false }`, each property described, with its default. */
  readonly options: JsonSchema;
  readonly inputs: { readonly [name: string]: InputPort };
  /** Fixed, or (for `command`) read off the options. */
  readonly outputs: OutputPorts | ((options: JsonObject) => OutputPorts);
  /** Fixed, or read off the options: one method may compute where another only sorts. */
  readonly resources: Resources | ((options: JsonObject) => Resources);
  /**
   * What of the options needs content in place of a name (a named recipe becomes its fields), or a check that a schema
   * cannot state. Called with defaults filled in; what it returns is hashed (less defaults) and given to `run`.
   */
  readonly resolve?: (options: JsonObject) => ResolvedOptions;
  /** The options as `--smoke` runs them: 8 images, one step. */
  readonly smoke?: (options: JsonObject) => JsonObject;
  /** Plan-time facts of each output, a pure function of the options and the inputs' facts. The worker verifies them. */
  readonly facts?: (request: FactsRequest) => { readonly [output: string]: Facts };
  /**
   * What the options and the inputs, taken together, get wrong: an input that this method needs, a layer that this model
   * does not have. Asked of every instance, after the options are resolved; `inputs` names those that were given.
   */
  readonly check?: (request: FactsRequest) => OptionProblem | undefined;
  /** What estimates of the duration are grouped by (the model's name and the like). */
  readonly traits?: (request: FactsRequest) => Facts;
  /**
   * What else the result depends on that only this machine can tell (content of scripts, output of `--version`).
   * Runs in the driver when the key is computed; what it returns is part of the action, as `identity`. An answer that needs no
   * look at the machine has to be given at once; one given as a promise counts as a look.
   */
  readonly identify?: (request: IdentifyRequest) => Identity | Promise<Identity>;
  /**
   * Whether it can be asked how things stand: made before its study is done, from those of its gathered inputs that are there.
   * Such a result is shown and never stored; `TaskContext.absent` tells what is missing.
   */
  readonly anytime?: boolean;
  readonly load: () => Promise<RunTask>;
}

export type OutputPorts = { readonly [name: string]: OutputPort };

export interface IdentifyRequest {
  readonly options: JsonObject;
  /** The study file's folder, against which relative paths are read. */
  readonly studyDir: string;
  /** SHA-256 of a file's content, `path` being absolute or relative to `studyDir`; rejects with the system's error where there is none. */
  readonly digestOfFile: (path: string) => Promise<string>;
  /** Does `make` once a run for each `name`, and remembers what it gave: for answers that many tasks share. */
  readonly once: <T>(name: string, make: () => Promise<T>) => Promise<T>;
  readonly signal: AbortSignal;
}

export type Identity =
  | { readonly kind: 'identified'; readonly identity: JsonObject }
  | { readonly kind: 'unusable'; readonly message: string; readonly hint?: string };

export type ResolvedOptions =
  | { readonly kind: 'resolved'; readonly options: JsonObject }
  | ({ readonly kind: 'invalid' } & OptionProblem);

export interface OptionProblem {
  /** Leads to the offending value, e.g. `['recipe', 'name']`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly hint?: string;
}

export interface FactsRequest {
  readonly options: JsonObject;
  /** Facts of each single input (those of a data set are what its adapter promises); gathered inputs are left out. */
  readonly inputs: { readonly [input: string]: Facts };
}

export type InputPort =
  | {
      readonly source: 'artifact';
      readonly type: string;
      readonly many?: false;
      readonly optional?: boolean;
      readonly summary: string;
    }
  /** A list of references, `all.t.out` or a pool; `type` may be a list of types. May be empty only if optional. */
  | {
      readonly source: 'artifact';
      readonly type: string | readonly string[];
      readonly many: true;
      readonly optional?: boolean;
      readonly summary: string;
    }
  /** A mapping of names to references of any type (`command`'s inputs); reached as `NAME.KEY` in the context. */
  | { readonly source: 'artifact-map'; readonly optional?: boolean; readonly summary: string }
  /**
   * A data set. `partOption` names the option that selects one part of it (`set` of the 17 sets), so that the key holds
   * that part's content alone.
   */
  | {
      readonly source: 'data';
      readonly partOption?: string;
      readonly optional?: boolean;
      readonly summary: string;
    };

export interface OutputPort {
  readonly type: string;
  readonly summary: string;
  /** `until-used`: the bytes may go once every planned consumer has its result. */
  readonly keep?: 'always' | 'until-used';
}
