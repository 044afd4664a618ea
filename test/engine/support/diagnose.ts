import { formatDiagnostics } from '../../../engine/study/format-diagnostics.ts';
import type { LoadedStudy } from '../../../engine/study/load-study.ts';
import { loadStudy } from '../../../engine/study/load-study.ts';
import type { Plan } from '../../../engine/plan/plan.ts';
import { fakeRegistry } from './fake-registry.ts';

interface Settings {
  readonly params?: { readonly [name: string]: string };
  readonly dataRoots?: { readonly [name: string]: string };
  readonly smoke?: boolean;
  readonly file?: string;
}

export function load(text: string, settings: Settings = {}): Promise<LoadedStudy> {
  return loadStudy({
    file: settings.file ?? '/studies/study.yaml',
    text,
    registry: fakeRegistry,
    params: new Map(Object.entries(settings.params ?? {})),
    dataRoots: new Map(Object.entries(settings.dataRoots ?? {})),
    smoke: settings.smoke ?? false,
  });
}

/** The plan of a study that has to be right; what is wrong with it is the test's failure. */
export async function plan(text: string, settings: Settings = {}): Promise<Plan> {
  const loaded = await load(text, settings);
  if (loaded.kind === 'planned') return loaded.plan;
  throw new Error(formatDiagnostics(loaded.diagnostics, loaded.sources, { color: false }));
}

/** `code line:column+length` of every diagnostic. */
export async function diagnose(text: string, settings: Settings = {}): Promise<readonly string[]> {
  const loaded = await load(text, settings);
  if (loaded.kind === 'planned') return [];
  return loaded.diagnostics.map(
    ({ code, place, length }) => `${code} ${place.line}:${place.column}+${length}`,
  );
}

/** What the carets underline, and the hints. */
export async function underlined(
  text: string,
  settings: Settings = {},
): Promise<readonly { readonly code: string; readonly at: string; readonly hint: string | undefined }[]> {
  const loaded = await load(text, settings);
  if (loaded.kind === 'planned') return [];
  return loaded.diagnostics.map(({ code, place, length, hint }) => {
    const line = (loaded.sources.get(place.file) ?? '').split('\n')[place.line - 1] ?? '';
    return { code, at: line.slice(place.column - 1, place.column - 1 + length), hint };
  });
}
