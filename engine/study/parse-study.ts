import type { YAMLError } from 'yaml';
import { parseDocument } from 'yaml';
import { convertTree, deepest } from './convert-tree.ts';
import type { Findings } from './findings.ts';
import type { Located } from './located.ts';
import { mostTokens, scanTokens } from './scan-tokens.ts';
import type { Source } from './source.ts';
import { largestStudyBytes } from './source.ts';

/** Text -> a tree that knows its places. YAML 1.2 core with merge keys; undefined where it could not be read at all. */
export function parseStudy(source: Source, findings: Findings): Located | undefined {
  if (source.text.length > largestStudyBytes) {
    findings.report({
      code: 'too-large',
      span: { source, start: 0, end: 1 },
      message: `a study has at most ${largestStudyBytes / 1024 / 1024} MB`,
    });
    return undefined;
  }
  const { unquoted, tooDeep, tooMany } = scanTokens(source.text, deepest);
  if (tooDeep !== undefined) {
    findings.report({
      code: 'too-deep',
      span: { source, ...tooDeep },
      message: `nested more than ${deepest} levels deep`,
      hint: 'a study is flat: tasks, groups, options',
    });
    return undefined;
  }
  if (tooMany !== undefined) {
    findings.report({
      code: 'too-large',
      span: { source, ...tooMany },
      message: `more than ${mostTokens} words and marks in one study`,
      hint: 'let axes, `repeat` and templates say what repeats itself',
    });
    return undefined;
  }
  for (const range of unquoted) {
    findings.report({
      code: 'unquoted-expression',
      span: { source, ...range },
      message: 'an expression between braces or brackets has to be quoted',
      hint: `quote it: "${source.text.slice(range.start, range.end)}"`,
    });
  }
  if (unquoted.length > 0) return undefined;

  const document = parseDocument(source.text, {
    version: '1.2',
    schema: 'core',
    merge: true,
    // Duplicates are found here in linear time.
    uniqueKeys: false,
    prettyErrors: false,
    // `silent` would also be silent about a second document.
    logLevel: 'error',
  });
  if (document.directives.yaml.version !== '1.2') {
    findings.report({
      code: 'yaml',
      span: { source, start: 0, end: 1 },
      message: 'studies are YAML 1.2',
      hint: 'leave the %YAML directive out',
    });
    return undefined;
  }
  const problems = [...document.errors, ...document.warnings];
  reportSyntax(source, problems, findings);
  if (problems.length > 0) return undefined;
  if (document.contents === null) {
    findings.report({
      code: 'yaml',
      span: { source, start: 0, end: 1 },
      message: 'the file is empty',
      hint: 'a study has at least `study:` and `tasks:`',
    });
    return undefined;
  }
  return convertTree(document.contents, source, findings);
}

/** The parser goes on after an error, and mostly stumbles over the same thing again: one finding for each sort. */
function reportSyntax(source: Source, problems: readonly YAMLError[], findings: Findings): void {
  const seen = new Set<string>();
  for (const problem of problems) {
    if (seen.has(problem.code)) continue;
    seen.add(problem.code);
    const [start, end] = problem.pos;
    const unknownTag = problem.code === 'TAG_RESOLVE_FAILED';
    findings.report({
      code: unknownTag ? 'unknown-tag' : 'yaml',
      span: { source, start, end },
      message: unknownTag ? 'tags have no meaning in a study' : lowerFirst(problem.message),
      hint: syntaxHint(source, problem),
    });
    if (seen.size >= 5) return;
  }
}

function syntaxHint(source: Source, problem: YAMLError): string | undefined {
  const [start] = problem.pos;
  const lineStart = source.text.lastIndexOf('\n', start - 1) + 1;
  const line = source.text.slice(lineStart, source.text.indexOf('\n', lineStart) + 1 || undefined);
  if (line.includes('${{')) return 'quote the whole value: "${{ … }}"';
  switch (problem.code) {
    case 'TAB_AS_INDENT':
      return 'indent with spaces';
    case 'MULTIPLE_DOCS':
      return 'a file holds one study';
    case 'TAG_RESOLVE_FAILED':
      return 'leave the tag out, or quote the value';
    case 'MISSING_CHAR':
      return 'look for an unclosed quote, bracket or brace';
    case 'BAD_INDENT':
      return problem.message.startsWith('Flow')
        ? 'look for an unclosed bracket or brace before this place'
        : 'entries of one mapping start in the same column';
    case 'MULTILINE_IMPLICIT_KEY':
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'UNEXPECTED_TOKEN':
      return 'quote text that holds : # { } [ ] , & * or quotes';
    default:
      return 'the place may lie behind the cause: look at the lines before it';
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
