import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accessKey } from '../../../../cache/remotes/s3/access-keys.ts';
import { bucketAddress, pathOf } from '../../../../cache/remotes/s3/bucket-address.ts';
import type { BucketPlace } from '../../../../cache/remotes/s3/bucket-address.ts';
import { openBucket } from '../../../../cache/remotes/s3/bucket.ts';
import { temporaryFolder } from '../../support/temporary-store.ts';

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

describe('the key to a bucket', () => {
  const own = {
    SWEETSPOT_REMOTE_MY_TEAM_ACCESS_KEY_ID: 'own',
    SWEETSPOT_REMOTE_MY_TEAM_SECRET_ACCESS_KEY: 's1',
  };
  const usual = { AWS_ACCESS_KEY_ID: 'usual', AWS_SECRET_ACCESS_KEY: 's2', AWS_SESSION_TOKEN: 't' };

  it("is the remote's own, then the usual one of the environment", () => {
    expect(accessKey('my-team', { ...own, ...usual })).toEqual({ accessKeyId: 'own', secretAccessKey: 's1' });
    expect(accessKey('my-team', usual)).toEqual({
      ...{ accessKeyId: 'usual', secretAccessKey: 's2' },
      sessionToken: 't',
    });
    expect(accessKey('my-team', { HOME: '/nowhere', AWS_ACCESS_KEY_ID: 'half' })).toBeUndefined();
    expect(
      accessKey('my-team', { HOME: '/nowhere', ...own, SWEETSPOT_REMOTE_MY_TEAM_ACCESS_KEY_ID: '' }),
    ).toBe(undefined);
  });

  it('is that of a profile of the shared file, where there is no other', async () => {
    const path = join(await temporaryFolder(), 'credentials');
    await writeFile(
      path,
      '[default]\naws_access_key_id = one\naws_secret_access_key=a/+=\n\n# [lab]\n[ lab ]\r\naws_access_key_id=two\r\n' +
        'aws_secret_access_key = b\r\naws_session_token = c==\r\nregion = x\n[empty]\n',
    );
    const of = (AWS_PROFILE?: string) =>
      accessKey('team', {
        AWS_SHARED_CREDENTIALS_FILE: path,
        ...(AWS_PROFILE === undefined ? {} : { AWS_PROFILE }),
      });
    expect(of()).toEqual({ accessKeyId: 'one', secretAccessKey: 'a/+=' });
    expect(of('lab')).toEqual({ accessKeyId: 'two', secretAccessKey: 'b', sessionToken: 'c==' });
    expect([of('empty'), of('none')]).toEqual([undefined, undefined]);
  });
});
