import { open, readFile, rm, stat, statfs, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FetchStop } from './fetch-failure.ts';
import { request, type Answer } from './request.ts';

export interface DownloadRequest {
  readonly url: string;
  /** Where the bytes are gathered; what an earlier attempt left there is gone on with. Beside it `FILE.from` says whose they are. */
  readonly file: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: { readonly bytes: number; readonly of: number | undefined }) => void;
  /** Waits before attempt `n` (from 2); given in tests. */
  readonly pause?: (attempt: number, signal: AbortSignal) => Promise<void>;
  /** Silence of the server after which the connection is given up. */
  readonly silentMs?: number;
}

const attempts = 5;

/**
 * Downloads a file, going on where an earlier attempt or process ended if the server says that it is still the same file (a
 * strong ETag or a date, by If-Range: RFC 9110, section 13.1.5), and from the start where it is not or the server knows no
 * ranges. Throws `FetchStop`.
 */
export async function download(from: DownloadRequest): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await attemptDownload(from);
      return;
    } catch (error) {
      if (from.signal.aborted) throw new FetchStop({ kind: 'interrupted' });
      const isPassing = error instanceof FetchStop && error.isPassing;
      if (!isPassing || attempt === attempts) throw error;
      await (from.pause ?? pauseLonger)(attempt + 1, from.signal);
    }
  }
}

/** Removes what was downloaded, and the note on where it came from. */
export async function discard(file: string): Promise<void> {
  await rm(`${file}.from`, { force: true });
  await rm(file, { force: true });
}

async function attemptDownload(from: DownloadRequest): Promise<void> {
  const { url, file, signal } = from;
  const sameAs = await sizeAndOrigin(file, url);
  const answer = await request({
    url,
    signal,
    silentMs: from.silentMs ?? 60_000,
    ...(sameAs === undefined ? {} : { resume: sameAs }),
  });
  try {
    if (answer.status === 416) {
      // Nothing is left to come, or the file has become shorter: then from the start.
      if (answer.total === sameAs?.bytes) return;
      await discard(file);
      throw new FetchStop({ kind: 'network', message: `${url} has changed meanwhile` }, { isPassing: true });
    }
    const start = startOf(answer, sameAs?.bytes ?? 0, url);
    const of = answer.length === undefined ? undefined : start + answer.length;
    await requireSpace(dirname(file), answer.length ?? 0);
    await writeFile(`${file}.from`, JSON.stringify({ url, validator: answer.validator ?? null }));
    await using handle = await open(file, start === 0 ? 'w' : 'a');
    await gather({ answer, handle, start, of, onProgress: from.onProgress });
  } finally {
    answer.close();
  }
}

interface Gathering {
  readonly answer: Answer;
  readonly handle: FileHandle;
  readonly start: number;
  readonly of: number | undefined;
  readonly onProgress: DownloadRequest['onProgress'];
}

async function gather({ answer, handle, start, of, onProgress }: Gathering): Promise<void> {
  let bytes = start;
  for await (const chunk of answer.body) {
    await handle.appendFile(chunk);
    bytes += chunk.length;
    onProgress?.({ bytes, of });
  }
  await handle.sync();
  if (of !== undefined && bytes !== of)
    throw new FetchStop({ kind: 'network', message: `${bytes} of ${of} bytes came` }, { isPassing: true });
}

/** Where the answer's first byte belongs. */
function startOf(answer: Answer, wanted: number, url: string): number {
  if (answer.status === 200) return 0;
  if (answer.start === wanted) return wanted;
  throw new FetchStop({ kind: 'network', message: `${url} answers with another range than was asked for` });
}

/** What is there of this very address, if the server can be asked whether it is still the same. */
async function sizeAndOrigin(
  file: string,
  url: string,
): Promise<{ readonly bytes: number; readonly validator: string } | undefined> {
  try {
    const origin = JSON.parse(await readFile(`${file}.from`, 'utf8')) as {
      url: string;
      validator: string | null;
    };
    const { size } = await stat(file);
    if (origin.url !== url || origin.validator === null || size === 0) return undefined;
    return { bytes: size, validator: origin.validator };
  } catch {
    return undefined;
  }
}

async function requireSpace(dir: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dir);
  if (bytes <= bavail * bsize) return;
  throw new FetchStop({
    kind: 'disk',
    message: `${bytes} bytes are to come, ${bavail * bsize} are free in ${dir}`,
  });
}

async function pauseLonger(attempt: number, signal: AbortSignal): Promise<void> {
  const { setTimeout } = await import('node:timers/promises');
  await setTimeout(1000 * 2 ** (attempt - 2), undefined, { signal }).catch(() => undefined);
}
