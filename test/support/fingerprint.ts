import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { repositoryRoot } from './shared.ts';

/**
 * A digest of all of our code that `entry` reaches by static or dynamic relative imports, with comments, types and
 * layout taken out: what is left can change results, what was taken out cannot.
 */
export function codeFingerprint(entry: string): string {
  const seen = new Map<string, string>();
  const open = [resolve(repositoryRoot, entry)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    const name = relative(repositoryRoot, file).replaceAll('\\', '/');
    if (seen.has(name)) continue;
    const source = readFileSync(file, 'utf8');
    const code = ts.transpileModule(source, {
      compilerOptions: {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.ESNext,
        removeComments: true,
        verbatimModuleSyntax: true,
      },
    }).outputText;
    seen.set(name, code);
    for (const specifier of importsOf(code)) {
      const target = join(dirname(file), specifier);
      if (existsSync(target)) open.push(target);
    }
  }
  const hash = createHash('sha256');
  for (const name of [...seen.keys()].sort()) hash.update(`${name}\n${seen.get(name) ?? ''}\n`);
  return hash.digest('hex').slice(0, 16);
}

function importsOf(code: string): string[] {
  const found = ts.preProcessFile(code, true, true).importedFiles.map((file) => file.fileName);
  return found.filter((specifier) => specifier.startsWith('.'));
}
