import { readdirSync } from 'node:fs';

export interface WalkedTree {
  /** Of regular files, relative, `/`-separated, in no particular order. */
  readonly paths: readonly string[];
  /** What is there but is neither a regular file nor a folder. */
  readonly problems: readonly string[];
}

/** Lists the regular files under a folder. Links are named, never followed; empty folders do not count. */
export function walkTree(root: string): WalkedTree {
  const paths: string[] = [];
  const problems: string[] = [];
  const pending = [''];
  for (let prefix = pending.pop(); prefix !== undefined; prefix = pending.pop()) {
    for (const entry of readdirSync(`${root}/${prefix}`, { withFileTypes: true })) {
      const path = `${prefix}${entry.name}`;
      if (entry.isDirectory()) pending.push(`${path}/`);
      else if (entry.isFile()) paths.push(path);
      else problems.push(`'${path}' is ${entry.isSymbolicLink() ? 'a link' : 'not a regular file'}`);
    }
  }
  return { paths, problems };
}
