import type { ArchivedData } from './archived-data.ts';

/** What an archive says to whoever opens it with `tar` alone. */
export function readme({ study, top, isPartial, example, data }: ReadmeFacts): string {
  return `Results of the study '${study}', with all that they were made from.

index.tsv     a line for each file: the task that made it, the task's kind and key, the output
              it belongs to, its path there, its size in bytes, its SHA-256, and where it lies
              in here; also each output's manifest, each task's action and log
blobs/        all of those, each under its SHA-256
results/      what each task made: its key, the manifest of each output, when it was computed,
              how long that took, and on what
study/        the study, with the files that it names
plan.json     its tasks, and how they follow from one another
archive.json  what is in here

WITHOUT SWEETSPOT

To get a file, look it up and take it out:

    tar -xf ARCHIVE ${top}/index.tsv
    cut -f 1,4-6,9 ${top}/index.tsv | grep '^${example.task}'
    tar -xOf ARCHIVE ${example.member} > ${example.file}
    sha256sum ${example.file}

The last line prints the name that it had under blobs/: these are the bytes that the study made.
A manifest lists the files of an output with their SHA-256; its own SHA-256 is the digest by
which reports and lock files call that output. An action says what a task was asked to do, with
which inputs; its SHA-256 is the task's key, and the name of its result.

Checkpoints are safetensors, with the names and layouts of torchvision's state dicts.
${dataText(data)}${isPartial ? '\nA file whose last column is - had been let go before this archive was made.\n' : ''}
WITH SWEETSPOT

    sweetspot cache import ARCHIVE    check everything, and bring it into a store
    sweetspot show ADDRESS            what a task made, from what, when and on what
    sweetspot export ADDRESS DIR      copy that out
    sweetspot run STUDY.yaml          finds it all made already, with the same data or without it
`;
}

export interface ReadmeFacts {
  readonly study: string;
  /** A file in it. */
  readonly example: { readonly task: string; readonly member: string; readonly file: string };
  /** The archive's one folder. */
  readonly top: string;
  /** Whether some files are not in it. */
  readonly isPartial: boolean;
  readonly data: readonly ArchivedData[];
}

/** A line for each data set, or each part of one. */
function dataText(data: readonly ArchivedData[]): string {
  if (data.length === 0) return '';
  const lines = data.map(({ data: name, part, adapter, files, bytes, digest }) => {
    const which = part === undefined ? name : `${name}, ${part}`;
    const many = files === 1 ? 'file' : 'files';
    return `    ${which} (${adapter}): ${files} ${many}, ${bytes} bytes, identity ${digest}`;
  });
  return `\nThe results were made from data that is not in here:\n\n${lines.join('\n')}\n`;
}
