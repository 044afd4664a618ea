import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StudyRecord } from '../../../engine/contract/study-record.ts';
import { asBibtex } from '../methods/formats/as-bibtex.ts';
import { asCff } from '../methods/formats/as-cff.ts';
import { asLatex } from '../methods/formats/as-latex.ts';
import { asMarkdown } from '../methods/formats/as-text.ts';
import { methodsOf } from '../methods/methods-of.ts';
import { measuredBeside } from './measured.ts';

/** Writes beside figures what a paper says of how they were made: `methods.md`, `methods.tex`, `references.bib`, `CITATION.cff`. */
export async function writeMethods(dir: string, record: StudyRecord): Promise<void> {
  const methods = methodsOf(record, await measuredBeside(dir));
  await writeFile(join(dir, 'methods.md'), asMarkdown(methods));
  await writeFile(join(dir, 'methods.tex'), asLatex(methods));
  await writeFile(join(dir, 'references.bib'), asBibtex(methods));
  await writeFile(join(dir, 'CITATION.cff'), asCff(methods));
}
