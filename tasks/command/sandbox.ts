import { dirname } from 'node:path';

export interface SandboxRequest {
  readonly argv: readonly string[];
  readonly work: string;
  readonly home: string;
  /** Folders of inputs. */
  readonly readable: readonly string[];
  /** As the program will see it. */
  readonly path: string;
}

/** Where the system keeps programs and what they need to start. */
const systemFolders = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/etc', '/opt', '/nix'];

/**
 * The same command under bubblewrap: it sees the system's programs, those on its PATH, its inputs, and can write where it
 * runs. There is no network, and nothing else of the disk. Ends with its parent.
 */
export function sandboxed({ argv, work, home, readable, path }: SandboxRequest): readonly string[] {
  const programs = path
    .split(':')
    .filter((each) => each.startsWith('/') && !systemFolders.some((folder) => isWithin(each, folder)))
    // A program's libraries lie beside its bin folder.
    .map((each) => (each.endsWith('/bin') && dirname(each) !== '/' ? dirname(each) : each));
  const readOnly = [...systemFolders, ...new Set(programs)].flatMap((each) => ['--ro-bind-try', each, each]);
  return [
    'bwrap',
    '--die-with-parent',
    '--unshare-all',
    ...readOnly,
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ...readable.flatMap((each) => ['--ro-bind', each, each]),
    ...[work, home].flatMap((each) => ['--bind', each, each]),
    ...['--chdir', work, '--'],
    ...argv,
  ];
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
