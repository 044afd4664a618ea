import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, dirname, extname, relative, resolve } from 'node:path';
import { errorCode } from '../../cache/system-error.ts';
import { extendStudy } from '../adopt/extend-study.ts';
import type { Extended } from '../adopt/extend-study.ts';
import { findCheckpoints } from '../adopt/find-checkpoints.ts';
import type { FoundCheckpoint } from '../adopt/find-checkpoints.ts';
import { memberRows } from '../adopt/member-rows.ts';
import { readMembers } from '../adopt/members.ts';
import type { Member, MemberProblem } from '../adopt/members.ts';
import { parsePattern } from '../adopt/pattern.ts';
import type { Pattern } from '../adopt/pattern.ts';
import { readSaid } from '../adopt/said.ts';
import type { Said } from '../adopt/said.ts';
import { studyText } from '../adopt/study-text.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { AdoptFlags } from '../flags.ts';
import { columns, complain, say, tell } from '../io.ts';
import type { Io } from '../io.ts';
import { plural } from '../progress/duration.ts';
import { shownPath } from '../workspace.ts';

/** How many problems are each said. */
const mostSaid = 20;

/** Takes checkpoints that were made elsewhere into a study and into the cache: writes the study, and runs its imports. */
export async function adoptCommand(request: {
  readonly path: string;
  readonly flags: AdoptFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { flags, io } = request;
  const path = resolve(io.cwd, request.path);
  const parsed = flags.pattern === undefined ? undefined : parsePattern(flags.pattern);
  if (parsed?.kind === 'invalid') {
    complain(
      io,
      `--pattern ${flags.pattern ?? ''}: ${parsed.message}`,
      "e.g. --pattern '{model}/seed{seed}/round{round}.pth'",
    );
    return exitCode.usage;
  }
  const said = await readSaid(flags, io.cwd);
  if (said.kind === 'invalid') {
    complain(io, said.message, said.hint);
    return exitCode.usage;
  }
  const found = await find(path, parsed?.pattern);
  if (found.kind === 'problem') {
    complain(io, `${request.path}: ${found.message}`, 'sweetspot adopt --help shows patterns');
    return exitCode.usage;
  }
  for (const name of found.passedOver.slice(0, mostSaid))
    tell(io, `${name} is passed over: the pattern does not have it`);
  const members = await membersOf(found.checkpoints, { said, flags, io });
  if (members === undefined) return exitCode.usage;
  return await hand({ members, path, said, flags, io });
}

async function find(
  path: string,
  pattern: Pattern | undefined,
): Promise<Awaited<ReturnType<typeof findCheckpoints>>> {
  try {
    return await findCheckpoints(path, pattern);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return {
      kind: 'problem',
      message: errorCode(error) === 'ENOENT' ? 'there is no such folder or file' : (error as Error).message,
    };
  }
}

async function membersOf(
  checkpoints: readonly FoundCheckpoint[],
  { said, flags, io }: { readonly said: Said; readonly flags: AdoptFlags; readonly io: Io },
): Promise<readonly Member[] | undefined> {
  const names = new Set(checkpoints.map(({ name }) => name));
  const unknown = said.files.find((name) => !names.has(name));
  if (unknown !== undefined) {
    complain(
      io,
      `${flags.stated ?? ''} tells of ${unknown}, which is not among the checkpoints`,
      'files are named from the adopted folder',
    );
    return undefined;
  }
  const read = await readMembers({
    checkpoints,
    ...{ model: flags.model, masks: flags.masks, key: flags.key },
    classes: said.classes?.length,
    statedOf: said.statedOf,
    onRead: (done) => {
      if (io.err.isTTY) io.err.write(`\r${done} of ${plural(checkpoints.length, 'checkpoint')} read\u001b[K`);
    },
  });
  if (io.err.isTTY) io.err.write('\r\u001b[K');
  if (read.kind === 'members') return read.members;
  sayProblems(read.problems, io);
  return undefined;
}

function sayProblems(problems: readonly MemberProblem[], io: Io): void {
  for (const { name, message, hint } of problems.slice(0, mostSaid))
    complain(io, `${name}: ${message}`, hint);
  const more = problems.length > mostSaid ? `, ${problems.length - mostSaid} of them not listed` : '';
  tell(io, `nothing was adopted: ${plural(problems.length, 'problem')}${more}`);
}

async function hand(handed: {
  readonly members: readonly Member[];
  readonly path: string;
  readonly said: Said;
  readonly flags: AdoptFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { members, path, said, flags, io } = handed;
  const name = studyName(path);
  const file = resolve(io.cwd, flags.out ?? `${name}.yaml`);
  const pathOf = (member: Member): string => relative(dirname(file), member.path);
  const ofNew = {
    ...{ study: basename(file, extname(file)), file: basename(file), members, pathOf },
    ...{ classes: said.classes, key: flags.key },
  };
  const before = existsSync(file) ? await readFile(file, 'utf8') : undefined;
  const written: Extended =
    before === undefined || before === studyText(ofNew)
      ? { kind: 'extended', text: studyText(ofNew), added: members.length, stood: 0 }
      : extendStudy({ text: before, members, pathOf });
  if (written.kind === 'refused') {
    complain(
      io,
      `${shownPath(file, io.cwd)} is there already, and another: ${written.why}`,
      'name another file by --out, or remove that one',
    );
    return exitCode.usage;
  }
  const { text, added, stood } = written;
  if (flags.dryRun === true) {
    tell(io, columns(memberRows(members)));
    say(io, text.trimEnd());
    return exitCode.done;
  }
  if (before === undefined) await writeFile(file, text, { flag: 'wx' });
  else if (before !== text) await replaceFile(file, text);
  say(io, columns(memberRows(members)));
  const changes = stood === 0 ? '' : `: ${plural(added, 'checkpoint')} added, ${stood} there already`;
  say(io, `\nstudy ${shownPath(file, io.cwd)}${changes}`);
  const { runCommand } = await import('./run.ts');
  return await runCommand({
    file,
    flags: { param: [], data: [], only: [], ...(flags.cache === undefined ? {} : { cache: flags.cache }) },
    io,
  });
}

/** Whoever is stopped on the way leaves the old study, or the new one. */
async function replaceFile(file: string, text: string): Promise<void> {
  const fresh = `${file}.${process.pid}.new`;
  try {
    await writeFile(fresh, text, { flag: 'wx', mode: (await stat(file)).mode });
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/** A folder's or file's name as that of a study. */
function studyName(path: string): string {
  const name = basename(path, extname(path))
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replaceAll(/^[.-]+|-+$/g, '');
  return name === '' ? 'checkpoints' : name;
}
