import type { RemoteCall } from '../remote.ts';
import { patiently } from './attempts.ts';
import type { Bucket } from './bucket.ts';
import { ask, askWhole } from './request.ts';
import { readXml } from './xml-answers.ts';
import type { XmlElement } from './xml-answers.ts';

/** An upload in parts that somebody has begun. */
export interface UnfinishedUpload {
  readonly uploadId: string;
  /** Whether parts come with their SHA-256: it was begun so, and all parts have to. */
  readonly keepsChecksums: boolean;
  readonly parts: ReadonlyMap<number, ListedPart>;
}

export interface ListedPart {
  readonly etag: string;
  readonly sizeBytes: number;
  /** SHA-256 in base64; empty where the server keeps none. */
  readonly checksum: string;
}

/** Pages of a listing that are read at most: 10,000 parts are ten. */
const mostPages = 20;

/**
 * Uploads of an object that were begun and not finished, the latest first. None where the server does not say: what is not continued is
 * sent again.
 */
export async function unfinishedUploads(
  bucket: Bucket,
  key: string,
  call: RemoteCall,
): Promise<readonly string[]> {
  const found: { readonly uploadId: string; readonly initiated: string }[] = [];
  await eachPage({ bucket, roots: ['ListMultipartUploadsResult'], call }, undefined, (after) => ({
    query: { uploads: '', prefix: key, ...(after === undefined ? {} : after) },
    take: (page) => {
      for (const upload of page.all('Upload'))
        if (upload.text('Key') === key)
          found.push({ uploadId: upload.text('UploadId'), initiated: upload.text('Initiated') });
      return {
        'key-marker': page.text('NextKeyMarker'),
        'upload-id-marker': page.text('NextUploadIdMarker'),
      };
    },
  }));
  return found.toSorted((a, b) => (a.initiated < b.initiated ? 1 : -1)).map(({ uploadId }) => uploadId);
}

/** An upload, with what has arrived of it. */
export async function unfinishedUpload(
  bucket: Bucket,
  { key, uploadId }: { readonly key: string; readonly uploadId: string },
  call: RemoteCall,
): Promise<UnfinishedUpload> {
  let keepsChecksums = false;
  const parts = new Map<number, ListedPart>();
  await eachPage({ bucket, roots: ['ListPartsResult', 'ListPartsResponse'], call }, key, (after) => ({
    query: { uploadId, ...(after === undefined ? {} : after) },
    take: (page) => {
      keepsChecksums = page.text('ChecksumAlgorithm') === 'SHA256';
      for (const part of page.all('Part'))
        parts.set(Number(part.text('PartNumber')), {
          etag: part.text('ETag'),
          sizeBytes: Number(part.text('Size')),
          checksum: part.text('ChecksumSHA256'),
        });
      return { 'part-number-marker': page.text('NextPartNumberMarker') };
    },
  }));
  return { uploadId, keepsChecksums, parts };
}

/** Gives up an upload, so that its parts cost nobody room. Whoever may not do that leaves it. */
export async function abortUpload(
  bucket: Bucket,
  { key, uploadId }: { readonly key: string; readonly uploadId: string },
  call: RemoteCall,
): Promise<void> {
  const answer = await patiently(call, () =>
    ask(bucket, { method: 'DELETE', key, query: { uploadId } }, call),
  );
  if (answer.kind === 'answered') answer.response.resume();
}

type Marker = Readonly<Record<string, string>>;

async function eachPage(
  {
    bucket,
    roots,
    call,
  }: { readonly bucket: Bucket; readonly roots: readonly string[]; readonly call: RemoteCall },
  key: string | undefined,
  page: (after: Marker | undefined) => {
    readonly query: Marker;
    readonly take: (page: XmlElement) => Marker;
  },
): Promise<void> {
  let after: Marker | undefined;
  for (let pages = 0; pages < mostPages; pages++) {
    const { query, take } = page(after);
    const request = { method: 'GET', query, ...(key === undefined ? {} : { key }) } as const;
    const answer = await patiently(call, () => askWhole(bucket, request, call));
    const read = answer.kind === 'read' ? await readXml(answer.bytes, ...roots) : undefined;
    if (read === undefined) return;
    after = take(read);
    if (read.text('IsTruncated') !== 'true') return;
  }
}
