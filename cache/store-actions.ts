import { existsSync, readFileSync } from 'node:fs';
import type { ActionStore } from './action-store.ts';
import type { TaskKey } from './digest.ts';
import { layeredActionStore } from './layered/layered-actions.ts';
import { localActionStore } from './local/local-action-store.ts';
import { actionPath } from './local/store-folder.ts';
import { openSigningKey } from './signatures/signature.ts';
import type { Signer, SigningKey } from './signatures/signature.ts';
import { signedActionStore, signedRecordsOf } from './signatures/signed-actions.ts';
import type { SigningPolicy } from './signatures/signing-policy.ts';
import type { Store, StoreFolder } from './store.ts';

/** The results of a store, of the one below it, and what members have signed of them. */
export function storeActions(parts: {
  readonly folder: StoreFolder;
  readonly below: StoreFolder | undefined;
  readonly signing: SigningPolicy | undefined;
  readonly own: SigningKey | undefined;
}): Pick<Store, 'actions' | 'signedRecords' | 'untrusted'> {
  const { folder, below, signing, own } = parts;
  const untrusted = new Map<TaskKey, string>();
  const onUntrusted = (key: TaskKey, why: string): void => void untrusted.set(key, why);
  const base = actionsOf(folder, { below, signers: signing?.signers ?? [], onUntrusted });
  const told = {
    untrusted: (): readonly string[] => {
      const said = [...untrusted].map(
        ([key, why]) => `the result of ${key.slice(0, 12)} is not used: ${why}`,
      );
      untrusted.clear();
      return said;
    },
  };
  if (signing === undefined) return { actions: base, ...told };
  const { demanded, signers } = signing;
  const folders = below === undefined ? ([folder] as const) : ([folder, below] as const);
  const signed = { base, folders, demanded, signers, own, onUntrusted };
  return {
    actions: signedActionStore(signed),
    signedRecords: (key) => signedRecordsOf(signed, key),
    ...told,
  };
}

/** What lies below a store of one's own may demand signatures for itself. */
function actionsOf(
  folder: StoreFolder,
  parts: {
    readonly below: StoreFolder | undefined;
    readonly signers: readonly Signer[];
    readonly onUntrusted: (key: TaskKey, why: string) => void;
  },
): ActionStore {
  const { below, signers, onUntrusted } = parts;
  const own = localActionStore(folder);
  if (below === undefined) return own;
  const isOwn = (key: TaskKey): boolean => existsSync(actionPath(folder, key));
  const plain = localActionStore(below);
  const trusted = {
    base: plain,
    folders: [below],
    demanded: true,
    signers,
    own: undefined,
    onUntrusted,
  } as const;
  return layeredActionStore({
    own,
    below: below.signed === true ? signedActionStore(trusted) : plain,
    isOwn,
  });
}

/** What the store demands of everybody nobody can leave out. */
export function policyOf(asked: SigningPolicy | undefined, signed: boolean): SigningPolicy | undefined {
  return signed ? { signers: [], keyFile: undefined, ...asked, demanded: true } : asked;
}

/** Undefined where nothing is to be signed. Throws system errors. */
export function readSigningKey(signing: SigningPolicy | undefined): SigningKey | 'unusable' | undefined {
  if (signing?.keyFile === undefined) return undefined;
  return openSigningKey(readFileSync(signing.keyFile, 'utf8')) ?? 'unusable';
}
