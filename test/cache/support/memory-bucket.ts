import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Intercept } from './cache-server.ts';

export interface MemoryBucket {
  readonly endpoint: string;
  /** Key -> what lies there. */
  readonly objects: Map<string, Buffer>;
  /** Uploads in parts that are not finished. */
  readonly uploads: Map<string, MemoryUpload>;
  /** `PUT key?partNumber=1` and so on, in the order in which they came. */
  readonly requests: readonly string[];
  readonly headers: readonly IncomingMessage['headers'][];
}

interface MemoryUpload {
  readonly key: string;
  readonly parts: Map<number, Buffer>;
}

/**
 * The little of S3 that a remote asks of a bucket called `team`, so that its faults can be scripted. It compares what comes with its
 * checksums, and does not look at signatures: real servers do that in other tests.
 */
export async function memoryBucket(intercept: Intercept = () => false): Promise<MemoryBucket> {
  const objects = new Map<string, Buffer>();
  const uploads = new Map<string, MemoryUpload>();
  const requests: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://bucket');
    const key = decodeURIComponent(url.pathname.replace(/^\/team\/?/, ''));
    requests.push(`${request.method ?? ''} ${key}${url.search}`);
    headers.push(request.headers);
    if (!intercept(request, response))
      void answer({ objects, uploads }, { key, query: url.searchParams, request, response });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => closed(server));
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, objects, uploads, requests, headers };
}

/** An error as S3 words it. */
export function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  more: { readonly headers?: Record<string, string>; readonly xml?: string } = {},
): void {
  response.writeHead(status, { 'content-type': 'application/xml', ...more.headers });
  response.end(
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message>${more.xml ?? ''}</Error>`,
  );
}

interface Asked {
  readonly key: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function answer(kept: Pick<MemoryBucket, 'objects' | 'uploads'>, asked: Asked): Promise<void> {
  const { key, query, request, response } = asked;
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch {
    return;
  }
  const body = Buffer.concat(chunks);
  const { objects } = kept;
  const declared = request.headers['x-amz-checksum-sha256'];
  if (declared !== undefined && declared !== sha256(body)) {
    refuse(response, 400, 'BadDigest');
    return;
  }
  if (query.has('uploads') || query.has('uploadId')) {
    answerUpload(kept, asked, body);
    return;
  }
  if (request.method === 'PUT') {
    if (request.headers['if-none-match'] === '*' && objects.has(key)) {
      refuse(response, 412, 'PreconditionFailed');
      return;
    }
    objects.set(key, body);
    response.end();
    return;
  }
  if (key === '') {
    xml(response, 'ListBucketResult', '');
    return;
  }
  const object = objects.get(key);
  if (object === undefined) {
    refuse(response, 404, 'NoSuchKey');
    return;
  }
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  if (range === null) {
    response.writeHead(200, { 'content-length': object.byteLength });
    response.end(request.method === 'HEAD' ? undefined : object);
    return;
  }
  const start = Number(range[1]);
  const part = object.subarray(start, Number(range[2]) + 1);
  if (part.byteLength === 0) {
    refuse(response, 416, 'InvalidRange');
    return;
  }
  const given = `bytes ${start}-${start + part.byteLength - 1}/${object.byteLength}`;
  response.writeHead(206, { 'content-range': given, 'content-length': part.byteLength }).end(part);
}

function answerUpload(
  { objects, uploads }: Pick<MemoryBucket, 'objects' | 'uploads'>,
  { key, query, request, response }: Asked,
  body: Buffer,
): void {
  if (query.has('uploads')) {
    if (request.method === 'POST') {
      const uploadId = randomUUID();
      uploads.set(uploadId, { key, parts: new Map() });
      xml(response, 'InitiateMultipartUploadResult', `<UploadId>${uploadId}</UploadId>`);
      return;
    }
    const listed = [...uploads].map(
      ([id, upload], at) =>
        `<Upload><Key>${upload.key}</Key><UploadId>${id}</UploadId><Initiated>2026-01-0${at + 1}</Initiated></Upload>`,
    );
    xml(response, 'ListMultipartUploadsResult', listed.join(''));
    return;
  }
  const uploadId = query.get('uploadId') ?? '';
  const upload = uploads.get(uploadId);
  if (upload === undefined) {
    refuse(response, 404, 'NoSuchUpload');
    return;
  }
  switch (request.method) {
    case 'PUT':
      upload.parts.set(Number(query.get('partNumber')), body);
      response.writeHead(200, { etag: etag(body) }).end();
      return;
    case 'GET': {
      const listed = [...upload.parts].map(
        ([number, part]) =>
          `<Part><PartNumber>${number}</PartNumber><ETag>${escaped(etag(part))}</ETag><Size>${part.byteLength}</Size></Part>`,
      );
      xml(response, 'ListPartsResult', listed.join(''));
      return;
    }
    case 'DELETE':
      uploads.delete(uploadId);
      response.writeHead(204).end();
      return;
    default: {
      const parts = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>(.*?)<\/ETag>/g)].map(
        ([, number, tag]) => ({ part: upload.parts.get(Number(number)), tag }),
      );
      if (parts.some(({ part, tag }) => part === undefined || etag(part) !== tag)) {
        refuse(response, 400, 'InvalidPart');
        return;
      }
      objects.set(key, Buffer.concat(parts.map(({ part }) => part!)));
      uploads.delete(uploadId);
      xml(response, 'CompleteMultipartUploadResult', '');
      return;
    }
  }
}

function xml(response: ServerResponse, root: string, content: string): void {
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="urn:s3">${content}</${root}>`);
}

/** As servers in Go write it. */
function escaped(text: string): string {
  return text.replaceAll('"', '&#34;');
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}

function etag(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
