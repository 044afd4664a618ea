import { resolve } from 'node:path';
import type { RemotePlace } from '../../cache/remotes/remote-settings.ts';
import type { LocatedMap } from '../../engine/study/located.ts';
import { spanAt, textAt, wrong } from './remote-fields.ts';
import type { Problem } from './remote-fields.ts';

/** Where a remote is: the one of these keys that says so, and what goes with it. */
const places = {
  directory: [],
  url: ['ca'],
  bucket: ['endpoint', 'region', 'path_style', 'instance_role', 'ca'],
} as const;

export function placeIn(node: LocatedMap, from: string): RemotePlace | Problem {
  const named = (Object.keys(places) as (keyof typeof places)[]).filter((key) => node.entries.has(key));
  const [kind] = named;
  if (kind === undefined || named.length > 1)
    return wrong(node.span, 'a remote is at a `directory:`, at a `url:` or in a `bucket:`, one of them');
  for (const key of places.bucket)
    if (node.entries.has(key) && !(places[kind] as readonly string[]).includes(key))
      return wrong(spanAt(node, key), `${key}: does not go with a ${kind}`);
  const ca = node.entries.has('ca') ? textAt(node, 'ca') : undefined;
  if (node.entries.has('ca') && (ca === undefined || ca === ''))
    return wrong(spanAt(node, 'ca'), 'ca: expected the path of a PEM file');
  const trusted = ca === undefined ? {} : { ca: resolve(from, ca) };
  switch (kind) {
    case 'directory': {
      const path = textAt(node, 'directory');
      return path === undefined || path === '' || path.includes('\0')
        ? wrong(spanAt(node, 'directory'), 'directory: expected the path of a store')
        : { kind: 'directory', path: resolve(from, path) };
    }
    case 'url': {
      const url = addressAt(node, 'url');
      return typeof url === 'string' ? { kind: 'http', url, ...trusted } : url;
    }
    case 'bucket': {
      const place = bucketIn(node);
      return place.kind === 'problem' ? place : { ...place, ...trusted };
    }
  }
}

/** An address of a server, as it was written. */
function addressAt(node: LocatedMap, field: 'url' | 'endpoint'): string | Problem {
  const url = textAt(node, field) ?? '';
  const span = spanAt(node, field);
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol))
    return wrong(span, `${field}: expected an address, http:// or https://`);
  if (parsed.username !== '' || parsed.password !== '')
    return wrong(
      span,
      `${field}: credentials do not belong into a file`,
      field === 'url'
        ? 'put user:password into $SWEETSPOT_REMOTE_NAME_PASSWORD, or a token into $SWEETSPOT_REMOTE_NAME_TOKEN'
        : 'put them into $AWS_ACCESS_KEY_ID and $AWS_SECRET_ACCESS_KEY',
    );
  if (parsed.search !== '' || parsed.hash !== '') return wrong(span, `${field}: expected no ? or # in it`);
  return url;
}

/** A bucket by `s3://NAME/PREFIX`, as S3's own tools name places in it. */
function bucketIn(node: LocatedMap): RemotePlace | Problem {
  const named = /^s3:\/\/([A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9])(?:\/(.*))?$/.exec(
    textAt(node, 'bucket') ?? '',
  );
  if (named === null)
    return wrong(
      spanAt(node, 'bucket'),
      'bucket: expected s3://NAME or s3://NAME/PREFIX',
      'e.g. bucket: s3://lab-cache/sweetspot',
    );
  const prefix = (named[2] ?? '').replace(/^\/+|\/+$/g, '');
  if (prefix !== '' && prefix.split('/').some((part) => /^\.{0,2}$/.test(part)))
    return wrong(spanAt(node, 'bucket'), "bucket: no part of the prefix may be empty, '.' or '..'");
  const region = node.entries.has('region') ? (textAt(node, 'region') ?? '') : undefined;
  if (region !== undefined && !/^[A-Za-z0-9-]{1,40}$/.test(region))
    return wrong(spanAt(node, 'region'), 'region: expected the name of a region', 'e.g. region: eu-west-1');
  const pathStyle = flagAt(node, 'path_style');
  if (typeof pathStyle === 'object') return pathStyle;
  const instanceRole = flagAt(node, 'instance_role');
  if (typeof instanceRole === 'object') return instanceRole;
  const endpoint = node.entries.has('endpoint') ? addressAt(node, 'endpoint') : undefined;
  if (typeof endpoint === 'object') return endpoint;
  return {
    kind: 'bucket',
    bucket: named[1] ?? '',
    prefix,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(pathStyle === undefined ? {} : { pathStyle }),
    ...(instanceRole === true ? { instanceRole } : {}),
  };
}

function flagAt(node: LocatedMap, field: 'path_style' | 'instance_role'): boolean | undefined | Problem {
  const value = node.entries.get(field)?.value;
  if (value === undefined) return undefined;
  return value.kind === 'scalar' && typeof value.value === 'boolean'
    ? value.value
    : wrong(value.span, `${field}: expected true or false`);
}
