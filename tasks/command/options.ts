import type { JsonSchema } from '../../engine/contract/json-schema.ts';
import type { JsonObject } from '../../cache/json.ts';
import type { OutputPorts, ResolvedOptions } from '../../engine/contract/task-kind.ts';

/** The options of a command, as the schema has checked them. */
export interface CommandOptions {
  readonly run: readonly string[];
  readonly files: readonly string[];
  readonly env: { readonly [name: string]: string };
  readonly outputs: { readonly [name: string]: CommandOutput };
  readonly versions: readonly (readonly string[])[];
  readonly sandbox: 'none' | 'bwrap';
}

export interface CommandOutput {
  readonly type: string;
  /** A file or a folder, relative to where the program runs. */
  readonly path: string;
}

const argv = { type: 'array', items: { type: 'string' }, minItems: 1 };

export const commandSchema: JsonSchema = {
  type: 'object',
  properties: {
    run: {
      ...argv,
      description:
        'The program and its arguments, one by one; no shell reads them. `inputs/NAME` holds an input.',
    },
    files: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      uniqueItems: true,
      default: [],
      description:
        'Scripts, lock files and the like, relative to the study: laid beside the program, content in the key.',
    },
    env: {
      type: 'object',
      additionalProperties: { type: 'string' },
      default: {},
      description:
        'Environment variables. Beside them the program sees PATH, a scratch HOME and C.UTF-8 only.',
    },
    outputs: {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: '^[a-z][a-z0-9_-]*$' },
      additionalProperties: {
        type: 'object',
        properties: {
          type: { type: 'string', description: "The artifact's type; `files` for any tree." },
          path: { type: 'string', minLength: 1, description: 'The file or folder that the program writes.' },
        },
        required: ['type', 'path'],
        additionalProperties: false,
      },
      description: 'What the program writes, by name.',
    },
    versions: {
      type: 'array',
      items: argv,
      default: [],
      description: 'Commands whose output is part of the key, e.g. [[python, --version]].',
    },
    sandbox: {
      enum: ['none', 'bwrap'],
      default: 'none',
      description: 'bwrap: neither network nor files but the declared ones and those of the system.',
    },
  },
  required: ['run', 'outputs'],
  additionalProperties: false,
};

/** Checks what the schema cannot: paths that would lead out of the folder. */
export function resolveCommand(options: JsonObject): ResolvedOptions {
  const { files, outputs } = asCommandOptions(options);
  const outside = files.findIndex(leadsOutside);
  if (outside >= 0) {
    return {
      kind: 'invalid',
      path: ['files', outside],
      message: `'${files[outside] ?? ''}' lies outside the study's folder`,
      hint: 'name files relative to the study, without ..',
    };
  }
  for (const [name, { path }] of Object.entries(outputs)) {
    if (!leadsOutside(path)) continue;
    return {
      kind: 'invalid',
      path: ['outputs', name, 'path'],
      message: `'${path}' is not a file or folder below the one the program runs in`,
      hint: 'name it relative to that folder, e.g. out',
    };
  }
  return { kind: 'resolved', options };
}

/** The ports are read off the options, before these have been checked: what is malformed is left to the schema. */
export function commandOutputs(options: JsonObject): OutputPorts {
  const declared = options['outputs'];
  if (typeof declared !== 'object' || declared === null || Array.isArray(declared)) return {};
  return Object.fromEntries(
    Object.entries(declared as JsonObject).map(([name, output]) => {
      const said =
        typeof output === 'object' && output !== null && 'type' in output ? output['type'] : undefined;
      return [name, { type: typeof said === 'string' ? said : 'files', summary: 'as the study declares it' }];
    }),
  );
}

export function asCommandOptions(options: JsonObject): CommandOptions {
  const filled = { files: [], env: {}, versions: [], sandbox: 'none', ...options };
  return filled as unknown as CommandOptions;
}

function leadsOutside(path: string): boolean {
  const segments = path.split('/');
  return (
    path.startsWith('/') || segments.includes('..') || segments.every((each) => each === '.' || each === '')
  );
}
