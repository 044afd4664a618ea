import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Statement } from '../../tasks/import/statement.ts';
import { errorCode } from '../../cache/system-error.ts';
import type { AdoptFlags } from '../flags.ts';
import { readStatement, readStatements } from './stated-table.ts';

/** What the command says of the checkpoints. */
export interface Said {
  readonly kind: 'said';
  readonly statedOf: (name: string) => Statement;
  /** Files that something is stated of by name. */
  readonly files: readonly string[];
  /** In the order of the logits. */
  readonly classes: readonly string[] | undefined;
}

export interface NothingSaid {
  readonly kind: 'invalid';
  readonly message: string;
  readonly hint?: string;
}

/** What `--by`, `--fact`, `--stated` and `--classes` say; or what is wrong with them. */
export async function readSaid(flags: AdoptFlags, cwd: string): Promise<Said | NothingSaid> {
  const common = readStatement(flags.fact);
  if (typeof common === 'string') return { kind: 'invalid', message: `--fact ${common}` };
  const ofAll = { ...(flags.by === undefined ? {} : { by: flags.by }), ...common };
  const table = flags.stated === undefined ? undefined : await readTable(flags.stated, cwd);
  if (table?.kind === 'invalid') return table;
  const classes = flags.classes === undefined ? undefined : await readClasses(flags.classes, cwd);
  if (classes !== undefined && 'kind' in classes) return classes;
  const statements = [ofAll, ...(table?.statements.values() ?? [])];
  const strange = [...statements.flatMap(wordsOf), ...(classes ?? [])].find((text) => text.includes('${{'));
  if (strange !== undefined)
    return {
      kind: 'invalid',
      message: `'${strange}' would be an expression in a study`,
      hint: 'write it without ${{',
    };
  return {
    kind: 'said',
    statedOf: (name) => ({ ...ofAll, ...table?.statements.get(name) }),
    files: [...(table?.statements.keys() ?? [])],
    classes,
  };
}

function wordsOf({ by, source, data, recipe }: Statement): readonly string[] {
  return [by, source, data, recipe].filter((text) => text !== undefined);
}

async function readTable(
  name: string,
  cwd: string,
): Promise<{ readonly kind: 'table'; readonly statements: ReadonlyMap<string, Statement> } | NothingSaid> {
  const text = await textOf(resolve(cwd, name));
  if (typeof text === 'object') return { kind: 'invalid', message: `--stated ${name}: ${text.problem}` };
  const read = readStatements(text);
  if (read.kind === 'read') return { kind: 'table', statements: read.statements };
  return {
    kind: 'invalid',
    message: `${name}:${read.line}: ${read.message}`,
    hint: 'a table like: file,accuracy,sparsity and a line for each checkpoint',
  };
}

async function readClasses(said: string, cwd: string): Promise<readonly string[] | NothingSaid> {
  const isFile = !said.includes(',');
  const text = isFile ? await textOf(resolve(cwd, said)) : said;
  if (typeof text === 'object')
    return {
      kind: 'invalid',
      message: `--classes ${said}: ${text.problem}`,
      hint: 'names separated by commas, or a file with a name a line, in the order of the logits',
    };
  const names = text
    .split(isFile ? /\r?\n/ : ',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? names : { kind: 'invalid', message: `--classes names '${twice}' twice` };
}

async function textOf(path: string): Promise<string | { readonly problem: string }> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return { problem: errorCode(error) === 'ENOENT' ? 'there is no such file' : (error as Error).message };
  }
}
