import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StudyRecord } from '../../../engine/contract/study-record.ts';
import { html } from '../page/html.ts';
import { fillSlot } from '../page/slots.ts';
import { measuredIn } from './measured.ts';
import { packRecord } from './pack-record.ts';
import { methodsSection } from './methods-section.ts';
import { provenanceSection } from './provenance-section.ts';

/** Writes into a copy of a page how its study came to be. Once more replaces what was written; a page without a place for it stays. */
export async function dressPage(dir: string, record: StudyRecord): Promise<void> {
  const file = join(dir, 'report.html');
  const dressed = withRecord(await readFile(file, 'utf8'), record);
  // Beside it and then moved: the copy may share its bytes with the store.
  const fresh = join(dir, '.report.html.dressed');
  try {
    await writeFile(fresh, dressed);
    await rename(fresh, file);
  } finally {
    await rm(fresh, { force: true });
  }
}

function withRecord(page: string, record: StudyRecord): string {
  const linked = fillSlot(
    page,
    'provenance-link',
    html`<li><a href="#methods">Methods, to cite</a></li>
      <li><a href="#provenance">Provenance</a></li>`,
  );
  const told = fillSlot(
    linked,
    'provenance',
    html`${methodsSection(record, measuredIn(page))}${provenanceSection(record)}`,
  );
  return fillSlot(told, 'record', packRecord(record));
}
