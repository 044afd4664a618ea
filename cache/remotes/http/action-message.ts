import { parseDigest } from '../../digest.ts';
import type { Digest } from '../../digest.ts';
import { bytesField, messageField, readFields, textOf, varintField } from './protobuf.ts';

// Messages of Bazel's remote execution API, version 2: `ActionResult`, `OutputFile`, `Digest`.
// Source: build/bazel/remote/execution/v2/remote_execution.proto of bazelbuild/remote-apis.
const actionResult = { outputFiles: 2, stdoutDigest: 6 } as const;
const outputFile = { path: 1, digest: 2, contents: 5 } as const;
const digestMessage = { hash: 1, sizeBytes: 2 } as const;

export interface ActionMessage {
  readonly outputFiles: readonly OutputFile[];
  /** The task's log, where it has one. */
  readonly stdout?: BlobName;
}

export interface OutputFile extends BlobName {
  readonly path: string;
  /** The bytes themselves, of a file that every reader wants. */
  readonly contents?: Uint8Array;
}

interface BlobName {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

export function encodeActionMessage({ outputFiles, stdout }: ActionMessage): Buffer {
  const sorted = outputFiles.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return Buffer.concat([
    ...sorted.map((file) =>
      messageField(
        actionResult.outputFiles,
        Buffer.concat([
          bytesField(outputFile.path, file.path),
          messageField(outputFile.digest, encodeDigest(file)),
          bytesField(outputFile.contents, file.contents ?? ''),
        ]),
      ),
    ),
    ...(stdout === undefined ? [] : [messageField(actionResult.stdoutDigest, encodeDigest(stdout))]),
  ]);
}

function encodeDigest({ digest, sizeBytes }: BlobName): Buffer {
  return Buffer.concat([
    bytesField(digestMessage.hash, digest),
    varintField(digestMessage.sizeBytes, sizeBytes),
  ]);
}

/** The files that a message of that type lists; undefined where the bytes are none. Other fields are passed over. */
export function decodeActionMessage(bytes: Uint8Array): ActionMessage | undefined {
  const fields = readFields(bytes);
  if (fields === undefined) return undefined;
  const outputFiles: OutputFile[] = [];
  let stdout: BlobName | undefined;
  for (const { number, value } of fields) {
    if (number === actionResult.outputFiles) {
      const file = typeof value === 'number' ? undefined : decodeFile(value);
      if (file === undefined) return undefined;
      outputFiles.push(file);
    } else if (number === actionResult.stdoutDigest) {
      stdout = typeof value === 'number' ? undefined : decodeDigest(value);
      if (stdout === undefined) return undefined;
    }
  }
  return { outputFiles, ...(stdout === undefined ? {} : { stdout }) };
}

function decodeFile(bytes: Uint8Array): OutputFile | undefined {
  let path: string | undefined;
  let name: BlobName | undefined;
  let contents: Uint8Array | undefined;
  for (const { number, value } of readFields(bytes) ?? []) {
    if (typeof value === 'number') continue;
    if (number === outputFile.path) path = textOf(value);
    else if (number === outputFile.digest) name = decodeDigest(value);
    else if (number === outputFile.contents) contents = value;
  }
  if (path === undefined || name === undefined) return undefined;
  return { path, ...name, ...(contents === undefined ? {} : { contents }) };
}

function decodeDigest(bytes: Uint8Array): BlobName | undefined {
  let digest: Digest | undefined;
  let sizeBytes = 0;
  for (const { number, value } of readFields(bytes) ?? []) {
    if (number === digestMessage.hash && typeof value !== 'number') digest = parseDigest(textOf(value) ?? '');
    else if (number === digestMessage.sizeBytes && typeof value === 'number') sizeBytes = value;
  }
  return digest === undefined ? undefined : { digest, sizeBytes };
}
