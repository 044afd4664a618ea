import type { Origin } from '../cache/origin.ts';

/** Where a result came from that was computed elsewhere, as `--json` prints it. */
export interface OriginFields {
  /** Name of the remote that its result came from. */
  readonly from?: string;
  /** Name of the archive that its result was imported from. */
  readonly archive?: string;
}

export function originFields(origin: Origin | undefined): OriginFields {
  switch (origin?.kind) {
    case undefined:
      return {};
    case 'remote':
      return { from: origin.name };
    case 'archive':
      return { archive: origin.name };
  }
}

/** `remote 'team'`, `archive 'study.tar'`; undefined for what was computed here. */
export function originText({ from, archive }: OriginFields): string | undefined {
  if (from !== undefined) return `remote '${from}'`;
  return archive === undefined ? undefined : `archive '${archive}'`;
}
