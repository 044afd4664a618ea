import type { Digest } from '../digest.ts';
import type { ArchivedTask } from './contents.ts';
import { blobName } from './member-names.ts';
import type { SurveyedResult } from './survey.ts';

const columns = ['task', 'kind', 'key', 'what', 'output', 'path', 'bytes', 'sha256', 'member'];

/**
 * `index.tsv`: under a line of headings, a line for each file of each output of each task, each output's manifest, and
 * the action and the log of each task. What is not in the archive has `-` for its member, what has none has `-` for its
 * output or path. No field holds a tab or a line feed.
 */
export function indexTable(
  tasks: readonly ArchivedTask[],
  { surveyed, top }: { readonly surveyed: ReadonlyMap<string, SurveyedResult>; readonly top: string },
): string {
  const lines = [columns];
  for (const { task, kind, key } of tasks) {
    const found = surveyed.get(key);
    if (found === undefined) continue;
    const { result, outputs, blobs } = found;
    const line = (
      what: string,
      sha256: Digest,
      { output = '-', path = '-', size = blobs.get(sha256) },
    ): void => {
      const member = blobs.has(sha256) ? `${top}/${blobName(sha256)}` : '-';
      lines.push([task, kind, key, what, output, path, String(size ?? '-'), sha256, member]);
    };
    for (const { output, manifest, files } of outputs) {
      for (const { path, size, sha256 } of files) line('file', sha256, { output, path, size });
      line('manifest', manifest, { output });
    }
    line('action', key as string as Digest, {});
    if (result.provenance.log !== undefined) line('log', result.provenance.log, {});
  }
  return `${lines.map((each) => each.join('\t')).join('\n')}\n`;
}
