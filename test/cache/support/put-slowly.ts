// Brings a file to a bucket in small parts: `put-slowly.ts ENDPOINT FILE`. For whoever kills it meanwhile.
import { statSync } from 'node:fs';
import { hashFile } from '../../../cache/local/hash-file.ts';
import { bucketRemote } from '../../../cache/remotes/s3/bucket-remote.ts';
import { openBucket } from '../../../cache/remotes/s3/bucket.ts';

const [endpoint = '', path = ''] = process.argv.slice(2);
const place = { kind: 'bucket', bucket: 'team', prefix: 'p', endpoint } as const;
const limits = { multipartFromBytes: 64_000, partBytes: 20_000, rangeBytes: 16_000 };
const remote = bucketRemote(openBucket({ name: 'team', place }, {}, { limits }), () => Promise.resolve());
const { digest } = await hashFile(path);
const call = { signal: new AbortController().signal, onBytes: (): void => undefined };
await remote.putBlob({ digest, path, sizeBytes: statSync(path).size }, call);
