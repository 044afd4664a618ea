import { readFile, writeFile } from 'node:fs/promises';
import { newPrivateKey, openSigningKey } from '../../../cache/signatures/signature.ts';
import type { SigningKey } from '../../../cache/signatures/signature.ts';
import type { Store } from '../../../cache/store.ts';
import { opened, temporaryFolder } from './temporary-store.ts';

/** A member who signs. */
export interface Person {
  readonly name: string;
  readonly key: SigningKey;
  readonly keyFile: string;
}

export async function person(name: string): Promise<Person> {
  const keyFile = `${await temporaryFolder()}/key.pem`;
  await writeFile(keyFile, newPrivateKey());
  return { name, key: openSigningKey(await readFile(keyFile, 'utf8'))!, keyFile };
}

/** The store as one person uses it, who believes some others. */
export async function as(
  who: Person | undefined,
  dir: string,
  trusted: readonly Person[],
  demanded = true,
): Promise<Store> {
  const signers = trusted.map(({ name, key }) => ({ name, key: key.publicKey }));
  return await opened({ dir, signing: { demanded, signers, keyFile: who?.keyFile } });
}
