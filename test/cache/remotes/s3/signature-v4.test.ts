import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../../cache/digest.ts';
import { canonicalQuery, signedHeaders } from '../../../../cache/remotes/s3/signature-v4.ts';
import type { SigningScope, UnsignedRequest } from '../../../../cache/remotes/s3/signature-v4.ts';

// The examples of "Signature Calculations for the Authorization Header" in the S3 API reference.
const example: SigningScope = {
  key: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
  region: 'us-east-1',
  at: new Date('2013-05-24T00:00:00Z'),
};
const host = 'examplebucket.s3.amazonaws.com';
const plain = { method: 'GET', path: '/', query: {}, headers: { host }, payloadHash: digestOf('') };

interface Case {
  readonly request: UnsignedRequest;
  readonly scope: { readonly key: SigningScope['key']; readonly region: string; readonly at: string };
  readonly signature: string;
}

/** Made with botocore 1.44.8 (`S3SigV4Auth`), for requests with odd names, parameters and headers. */
const made = JSON.parse(
  readFileSync(new URL('../../../fixtures/remotes/s3-signatures.json', import.meta.url), 'utf8'),
) as readonly Case[];

describe('the signature of a request', () => {
  it.each<[string, Partial<UnsignedRequest>, string]>([
    [
      'for a range of an object',
      { path: '/test.txt', headers: { host, range: 'bytes=0-9' } },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'that puts an object',
      {
        method: 'PUT',
        path: '/test%24file.text',
        headers: {
          host,
          date: 'Fri, 24 May 2013 00:00:00 GMT',
          'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        },
        payloadHash: digestOf('Welcome to Amazon S3.'),
      },
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ],
    [
      "for a bucket's life cycle",
      { query: { lifecycle: '' } },
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'for a listing',
      { query: { prefix: 'J', 'max-keys': '2' } },
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])("%s is the one of Amazon's example", (_, request, signature) => {
    const { authorization } = signedHeaders({ ...plain, ...request }, example);
    expect(authorization).toMatch(new RegExp(`Signature=${signature}$`));
    expect(authorization).toContain('Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request');
  });

  it('is that of another implementation, whatever is asked for', () => {
    expect(made).toHaveLength(24);
    for (const { request, scope, signature } of made) {
      const headers = signedHeaders(request, { ...scope, at: new Date(scope.at) });
      expect(headers['authorization'], JSON.stringify(request)).toMatch(
        new RegExp(`Signature=${signature}$`),
      );
      expect(headers['x-amz-security-token']).toBe(scope.key.sessionToken);
    }
  });

  it('covers every header, and sends no secret', () => {
    const headers = signedHeaders({ ...plain, headers: { host, range: 'bytes=1-2' } }, example);
    expect(headers['authorization']).toContain('SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,');
    expect(JSON.stringify(headers)).not.toContain(example.key.secretAccessKey);
  });

  it('orders parameters by their encoded names', () => {
    expect(canonicalQuery({ b: '', 'a b': "'", A: 'é', ä: '1' })).toBe('%C3%A4=1&A=%C3%A9&a%20b=%27&b=');
  });
});
