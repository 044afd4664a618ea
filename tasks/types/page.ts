import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactType } from '../../engine/contract/artifact-type.ts';

/** One HTML file that needs nothing else: no network when it is opened. */
export const page: ArtifactType = {
  type: 'page',
  summary: 'report.html: one self-contained page',
  check: async (dir) => {
    let html: string;
    try {
      html = await readFile(join(dir, 'report.html'), 'utf8');
    } catch (error) {
      return [`report.html cannot be read: ${error instanceof Error ? error.message : String(error)}`];
    }
    if (!/^<!doctype html>/i.test(html)) return ['report.html does not begin with <!doctype html>'];
    const loads = [...new Set(externalLoads(html))];
    return loads.map((address) => `report.html would load ${address} when opened`);
  },
  dress: async (dir, record) => {
    const { dressPage } = await import('../report/dress/dress-page.ts');
    await dressPage(dir, record);
  },
};

/** Tags that fetch what they name. A plain link (`a href`) loads nothing by itself. */
const fetching =
  /<(?:img|script|link|iframe|frame|embed|object|source|audio|video|track|input|image|use|base)\b(?:"[^"]*"|'[^']*'|[^'">])*>/gi;
const address = /\s(?:src|srcset|href|xlink:href|data|poster)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/gi;
const inStyle = /url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)/gi;

function externalLoads(html: string): string[] {
  const named = [...html.matchAll(fetching)].flatMap(([tag]) =>
    [...tag.matchAll(address)].map(([, double, single, bare]) => double ?? single ?? bare ?? ''),
  );
  const styles = [...html.matchAll(/<style\b[^>]*>([\s\S]*?)<\/style>|\sstyle\s*=\s*"([^"]*)"/gi)].flatMap(
    ([, sheet, inline]) =>
      [...(sheet ?? inline ?? '').matchAll(inStyle)].map(([, url, imported]) => url ?? imported ?? ''),
  );
  return [...named, ...styles].filter((target) => target !== '' && !/^(?:data:|#)/i.test(target.trim()));
}
