import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

export type TextFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'too-large'; readonly sizeBytes: number }
  | { readonly kind: 'unreadable'; readonly reason: string };

const notPlain = 'this is a pipe, a socket or a device, not a plain file';

/**
 * The text of a file that anybody may have written or named: never more of it than `mostBytes`, and nothing that is not a
 * plain file, since a pipe may keep its reader waiting for ever and a device may have no end.
 */
export async function readTextFile(path: string, mostBytes: number): Promise<TextFile> {
  try {
    // A pipe nobody writes to would not even open.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (stats.isDirectory()) return unreadable('this is a folder');
    if (!stats.isFile()) return unreadable(notPlain);
    if (stats.size > mostBytes) return { kind: 'too-large', sizeBytes: stats.size };
    const bytes = Buffer.alloc(mostBytes + 1);
    let size = 0;
    // What the system says of the size may not hold: of files under /proc, or of one that is being written.
    while (size <= mostBytes) {
      const { bytesRead } = await file.read(bytes, size, bytes.length - size);
      if (bytesRead === 0) break;
      size += bytesRead;
    }
    if (size > mostBytes) return { kind: 'too-large', sizeBytes: size };
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, size)) };
  } catch (error) {
    return unreadable(reasonOf(error instanceof Error && 'code' in error ? String(error.code) : ''));
  }
}

function reasonOf(code: string): string {
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'the file is not UTF-8 text';
    case 'ENXIO':
      return notPlain;
    case 'ELOOP':
      return 'links lead in a circle';
    case 'ERR_INVALID_ARG_VALUE':
      return 'no file can have that name';
    default:
      return `it cannot be read (${code})`;
  }
}

function unreadable(reason: string): TextFile {
  return { kind: 'unreadable', reason };
}
