import type { RemoteSettings } from '../../cache/remotes/remote-settings.ts';
import type { Findings } from '../../engine/study/findings.ts';
import type { Located, LocatedMap } from '../../engine/study/located.ts';
import { parseDuration, parseSize } from '../../engine/study/units-of-measure.ts';
import { fields, spanAt, textAt, wrong } from './remote-fields.ts';
import type { Problem } from './remote-fields.ts';
import { placeIn } from './remote-place.ts';

const usualTimeoutMs = 10_000;
const leastTimeoutMs = 100;
const leastBandwidth = 10_000;

interface Reading {
  readonly findings: Findings;
  /** Folder that relative paths start from. */
  readonly from: string;
}

/** The remotes of a configuration, in their order; what is wrong with them goes to `findings`. */
export function readRemotes(node: Located | undefined, reading: Reading): readonly RemoteSettings[] {
  if (node === undefined) return [];
  if (node.kind !== 'list') {
    const hint = 'remotes: [{ name: team, directory: /mnt/team/.sweetspot }]';
    reading.findings.report({ code: 'config', span: node.span, message: 'remotes: expected a list', hint });
    return [];
  }
  const remotes: RemoteSettings[] = [];
  for (const item of node.items) {
    const remote = readRemote(item, reading.from);
    if (remote.kind === 'problem') {
      const { span, message, hint } = remote;
      reading.findings.report({ code: 'config', span, message, hint });
      continue;
    }
    const { settings } = remote;
    if (remotes.some(({ name }) => name === settings.name)) {
      const message = `two remotes are called '${settings.name}'`;
      reading.findings.report({ code: 'config', span: item.span, message });
    }
    remotes.push(settings);
  }
  return remotes;
}

function readRemote(
  node: Located,
  from: string,
): { readonly kind: 'read'; readonly settings: RemoteSettings } | Problem {
  if (node.kind !== 'map') return wrong(node.span, 'expected a mapping with `name:` and where the remote is');
  for (const [key, entry] of node.entries) {
    if (!(fields as readonly string[]).includes(key))
      return wrong(entry.key, `a remote has no '${key}'`, `known: ${fields.join(', ')}`);
  }
  const name = textAt(node, 'name');
  if (name === undefined || !/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/.test(name))
    return wrong(spanAt(node, 'name'), 'a remote needs a name of letters, digits, dashes and underscores');
  const flags: { pull: boolean; push: boolean } = { pull: true, push: false };
  for (const flag of ['pull', 'push'] as const) {
    const value = node.entries.get(flag)?.value;
    if (value === undefined) continue;
    if (value.kind !== 'scalar' || typeof value.value !== 'boolean')
      return wrong(value.span, `${flag}: expected true or false`);
    flags[flag] = value.value;
  }
  const timeout = node.entries.get('timeout')?.value;
  const timeoutMs = timeout === undefined ? usualTimeoutMs : durationIn(timeout);
  if (timeoutMs === undefined || timeoutMs < leastTimeoutMs || timeoutMs > 3_600_000)
    return wrong(spanAt(node, 'timeout'), 'timeout: expected a time of 100ms to 1h', 'e.g. timeout: 5s');
  const bandwidth = node.entries.has('bandwidth') ? bandwidthIn(node) : undefined;
  if (node.entries.has('bandwidth') && (bandwidth === undefined || bandwidth < leastBandwidth))
    return wrong(
      spanAt(node, 'bandwidth'),
      'bandwidth: expected bytes a second, 10kB/s or more',
      'e.g. bandwidth: 20MB/s',
    );
  const place = placeIn(node, from);
  if (place.kind === 'problem') return place;
  const limit = bandwidth === undefined ? {} : { bandwidth };
  return { kind: 'read', settings: { name, place, ...flags, timeoutMs, ...limit } };
}

/** `20MB/s`, in bytes a second. */
function bandwidthIn(node: LocatedMap): number | undefined {
  const [, size] = /^(.+)\/s$/.exec(textAt(node, 'bandwidth')?.trim() ?? '') ?? [];
  return size === undefined ? undefined : parseSize(size);
}

function durationIn(node: Located): number | undefined {
  if (node.kind !== 'scalar' || (typeof node.value !== 'string' && typeof node.value !== 'number'))
    return undefined;
  return parseDuration(node.value);
}
