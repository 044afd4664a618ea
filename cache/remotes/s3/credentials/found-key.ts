import type { AccessKey } from '../signature-v4.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a source of credentials says. */
export type FoundKey =
  | {
      readonly kind: 'key';
      readonly key: AccessKey;
      /** When keys that are lent have to be back. */ readonly expiresMs?: number;
    }
  /** There is none in it. */
  | { readonly kind: 'none' }
  /** There should be one, and it cannot be had. `detail`: the place and the reason, never anything of what was found there. */
  | { readonly kind: 'unusable'; readonly detail: string };

export const noKey: FoundKey = { kind: 'none' };

export function unusable(detail: string): FoundKey {
  return { kind: 'unusable', detail };
}

/** Of a pair that may be empty, or half there. `where`: for whoever has to look for the other half. */
export function keyOf(
  parts: {
    readonly id: string | undefined;
    readonly secret: string | undefined;
    readonly token: string | undefined;
  },
  where: string,
): FoundKey {
  const { id = '', secret = '', token = '' } = parts;
  if (id === '' && secret === '') return noKey;
  if (id === '' || secret === '')
    return unusable(
      `${where} has ${id === '' ? 'a secret access key and no access key id' : 'an access key id and no secret access key'}`,
    );
  return {
    kind: 'key',
    key: { accessKeyId: id, secretAccessKey: secret, ...(token === '' ? {} : { sessionToken: token }) },
  };
}
