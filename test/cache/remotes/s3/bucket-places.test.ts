import { describe, expect, it } from 'vitest';
import { bucketAddress, pathOf } from '../../../../cache/remotes/s3/bucket-address.ts';
import type { BucketPlace } from '../../../../cache/remotes/s3/bucket-address.ts';
import { openBucket } from '../../../../cache/remotes/s3/bucket.ts';

const lab: BucketPlace = { kind: 'bucket', bucket: 'lab', prefix: '' };
const address = (more: Partial<BucketPlace>, region = 'eu-west-1') =>
  bucketAddress({ ...lab, ...more }, region);

describe('where a bucket is', () => {
  it.each<[string, Partial<BucketPlace>, string]>([
    ["Amazon's", {}, 'https://lab.s3.eu-west-1.amazonaws.com/cas/1'],
    ['with a prefix', { prefix: 'a b/é' }, 'https://lab.s3.eu-west-1.amazonaws.com/a%20b/%C3%A9/cas/1'],
    ['with a dot', { bucket: 'lab.org' }, 'https://s3.eu-west-1.amazonaws.com/lab.org/cas/1'],
    ["Amazon's as a path", { pathStyle: true }, 'https://s3.eu-west-1.amazonaws.com/lab/cas/1'],
    ['of another server', { endpoint: 'http://10.0.0.1:9000/' }, 'http://10.0.0.1:9000/lab/cas/1'],
    ['below a path', { endpoint: 'https://x.org/s3' }, 'https://x.org/s3/lab/cas/1'],
    ['a host of its own', { endpoint: 'https://x.org', pathStyle: false }, 'https://lab.x.org/cas/1'],
  ])('%s', (_, place, expected) => {
    const at = address(place);
    expect(`${at.origin.origin}${pathOf(at, `${at.prefix}cas/1`)}`).toBe(expected);
  });

  it('in China is another domain, and a bucket itself has a path, too', () => {
    expect(address({}, 'cn-north-1').origin.host).toBe('lab.s3.cn-north-1.amazonaws.com.cn');
    expect(pathOf(address({}), undefined)).toBe('/');
    expect(pathOf(address({ pathStyle: true }), undefined)).toBe('/lab');
  });

  it('is in the region that is said, else in that of the environment', () => {
    const region = (place: BucketPlace, env: Record<string, string>) =>
      openBucket({ name: 'team', place }, { HOME: '/nowhere', ...env }).region;
    expect(region(lab, {})).toBe('us-east-1');
    expect(region(lab, { AWS_DEFAULT_REGION: 'a' })).toBe('a');
    expect(region(lab, { AWS_DEFAULT_REGION: 'a', AWS_REGION: 'b' })).toBe('b');
    expect(region({ ...lab, region: 'c' }, { AWS_REGION: 'b' })).toBe('c');
  });
});
