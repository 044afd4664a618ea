import type { StoreFailure } from './failures.ts';

/** The system's code of an error (`ENOENT`), or undefined where the error did not come from the system. */
export function errorCode(error: unknown): string | undefined {
  return isSystemError(error) ? error.code : undefined;
}

/**
 * Whether a file is not there (any more). ESTALE is what NFS says of one that another host has removed since it was opened, or
 * since its name was looked up.
 */
export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ESTALE';
}

/** Runs `action`; what the machine refuses is returned as a failure, anything else is a bug and thrown on. */
export async function guarded<T>(path: string, action: () => Promise<T>): Promise<T | StoreFailure> {
  try {
    return await action();
  } catch (error) {
    return storeFailureOf(error, path);
  }
}

/** The failure that a system error means; `path` is named where the error names none. Throws on what is a bug. */
function storeFailureOf(error: unknown, path: string): StoreFailure {
  if (!isSystemError(error)) throw error;
  return {
    kind: 'store-failure',
    reason: reasonOf(error.code),
    path: error.path ?? path,
    detail: error.message,
  };
}

/** Whether the system refuses for want of room on the disk. */
export function isNoSpace(error: unknown): boolean {
  return isSystemError(error) && reasonOf(error.code) === 'no-space';
}

/** The error with the path that it is about: Node names none where a call went through a descriptor. */
export function withPath(error: unknown, path: string): unknown {
  if (!isSystemError(error) || error.path !== undefined) return error;
  return Object.assign(error, { path, message: `${error.message} '${path}'` });
}

function reasonOf(code: string): StoreFailure['reason'] {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return 'no-space';
    case 'EACCES':
    case 'EPERM':
      return 'permission';
    case 'EROFS':
      return 'read-only';
    default:
      return 'io';
  }
}

interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && 'syscall' in error && typeof error.code === 'string';
}
