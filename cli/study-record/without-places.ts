import { homedir, hostname, userInfo } from 'node:os';

/** What of this machine has no place in a page that is handed on. */
export interface Machine {
  readonly home: string;
  /** Of the host and of the user. */
  readonly names: readonly string[];
}

export function thisMachine(): Machine {
  const host = hostname();
  // The names that every machine has tell nothing.
  const names = [host, host.split('.')[0] ?? '', userName()].filter(
    (name) => name.length > 1 && name !== 'localhost' && name !== 'root',
  );
  return { home: homedir(), names };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A number alone, as in a container: nobody's name.
    return '';
  }
}

/** Folders of an absolute path, up to what lies in them. A URL's slashes stand after a colon and one another. */
const folders = /(?<![\w.~/-])\/(?:[^\s/'"`<>|:,;=()[\]{}]+\/)+/g;

/**
 * A text without the places of whoever's machine wrote it: of an absolute path, its last part is left (`…/weights.bin`), and
 * the names of this machine and its user are `…`. What else a program tells of its surroundings is its own affair.
 */
export function withoutPlaces(text: string, { home, names }: Machine): string {
  const homeless =
    home.length > 1 ? text.replaceAll(new RegExp(`${literal(home)}(?![\\w-])`, 'g'), '/~') : text;
  const plain = homeless.replaceAll(/\bfile:\/\/(?=\/)/g, '').replaceAll(folders, '…/');
  return names.reduce((rest, name) => rest.replaceAll(wholeWord(name), '…'), plain).replaceAll('/~', '~');
}

function wholeWord(name: string): RegExp {
  return new RegExp(`(?<![\\w-])${literal(name)}(?![\\w-])`, 'g');
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
