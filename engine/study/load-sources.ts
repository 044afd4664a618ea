import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Findings } from './findings.ts';
import type { Located } from './located.ts';
import { stringOf, valueOf } from './located.ts';
import { nearest } from './nearest.ts';
import { parseStudy } from './parse-study.ts';
import { readPlainYaml } from './plain-yaml.ts';
import { readTextFile } from './read-text-file.ts';
import type { Source, Span } from './source.ts';
import { createSource, largestStudyBytes } from './source.ts';

const mostFiles = 200;

/** A study's files: itself and the templates it uses, by absolute path. Undefined for what could not be read. */
export type ParsedFiles = ReadonlyMap<string, ParsedFile | undefined>;

export interface ParsedFile {
  readonly source: Source;
  readonly tree: Located;
  /** It was read by the reader of plain YAML, whose ranges end roughly. */
  readonly isPlain: boolean;
}

export interface SourcesRequest {
  readonly file: string;
  /** Stands for the study file's content where given. */
  readonly text?: string | undefined;
  /** Whether the reader of plain YAML is asked first. */
  readonly quick: boolean;
}

/** Reads and parses a study and every template it reaches. */
export async function loadSources(request: SourcesRequest, findings: Findings): Promise<ParsedFiles> {
  const root = resolve(request.file);
  const files = new Map<string, ParsedFile | undefined>();
  const waiting: { readonly path: string; readonly from: Span | undefined }[] = [
    { path: root, from: undefined },
  ];
  while (waiting.length > 0) {
    const { path, from } = waiting.shift()!;
    if (files.has(path)) continue;
    if (files.size >= mostFiles) {
      const message = `a study is made of more than ${mostFiles} files`;
      const hint = 'let groups share a template, with `with` for what differs';
      findings.report({ code: 'too-large', message, span: from ?? wholeFile(path), hint });
      break;
    }
    const given = path === root ? request.text : undefined;
    const text = given ?? (await readText(path, from, findings));
    if (text === undefined) {
      files.set(path, undefined);
      continue;
    }
    const source = createSource(path, text);
    findings.sources.set(path, source);
    const plain = request.quick ? readPlainYaml(source) : undefined;
    const tree = plain ?? parseStudy(source, findings);
    files.set(path, tree === undefined ? undefined : { source, tree, isPlain: plain !== undefined });
    if (tree !== undefined) {
      for (const used of templatesIn(valueOf(tree, 'tasks'))) {
        waiting.push({ path: resolve(dirname(path), used.value), from: used.span });
      }
    }
  }
  return files;
}

/** `uses: ./file.yaml`, as opposed to a kind's name. */
export function isTemplatePath(uses: string): boolean {
  return uses.startsWith('./') || uses.startsWith('../');
}

function* templatesIn(
  tasks: Located | undefined,
): Generator<{ readonly value: string; readonly span: Span }> {
  if (tasks?.kind !== 'map') return;
  for (const { value } of tasks.entries.values()) {
    const uses = stringOf(value, 'uses');
    if (uses !== undefined && isTemplatePath(uses.value)) yield uses;
    yield* templatesIn(valueOf(value, 'tasks'));
  }
}

async function readText(
  path: string,
  from: Span | undefined,
  findings: Findings,
): Promise<string | undefined> {
  const span = from ?? wholeFile(path);
  const read = await readTextFile(path, largestStudyBytes);
  switch (read.kind) {
    case 'text':
      return read.text;
    case 'too-large':
      findings.report({
        code: 'too-large',
        span,
        message: `${path} has ${Math.ceil(read.sizeBytes / 1024 / 1024)} MB; a study has at most ${largestStudyBytes / 1024 / 1024} MB`,
        hint: 'is this the file you meant?',
      });
      return undefined;
    case 'unreadable':
      findings.report({
        ...{ code: 'unreadable-file', span, message: `${path}: ${read.reason}` },
        hint: await filesNear(path),
      });
      return undefined;
  }
}

const isYaml = (name: string): boolean => /\.ya?ml$/.test(name);
const mostFilesShown = 8;

/** What there is in place of a file that cannot be read: in its folder, or in the folder that it is. */
async function filesNear(path: string): Promise<string> {
  const inside = (await readdir(path).catch(() => [])).filter(isYaml);
  if (inside.length > 0) return `name a file in it: ${inside.slice(0, mostFilesShown).join(', ')}`;
  const dir = dirname(path);
  const names = await readdir(dir).catch(() => undefined);
  if (names === undefined) return `there is no folder ${dir}`;
  const beside = names.filter(isYaml);
  const meant = nearest(basename(path), beside);
  if (meant !== undefined) return `did you mean ${join(dir, meant)}?`;
  return beside.length === 0
    ? `there is no YAML file in ${dir}`
    : `in ${dir} there is ${beside.slice(0, mostFilesShown).join(', ')}`;
}

function wholeFile(path: string): Span {
  return { source: createSource(path, ''), start: 0, end: 1 };
}
