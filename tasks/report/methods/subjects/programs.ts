import { optionValues } from '../evidence.ts';
import type { Evidence } from '../evidence.ts';
import { code, listed, say } from '../phrase.ts';
import type { Phrase } from '../phrase.ts';

/** Steps that are programs of the study's own: what they do, nobody but they can tell. */
export function programSentences({ done }: Evidence): readonly Phrase[] {
  const argv = optionValues(
    done.filter(({ kind }) => kind === 'command'),
    'run',
  ).filter((run): run is readonly string[] => Array.isArray(run));
  if (argv.length === 0) return [];
  const shown = argv.slice(0, most).map((run): Phrase => [code(run.join(' '))]);
  const more = argv.length > most ? say` and ${argv.length - most} more` : undefined;
  return [
    say`Part of the work was done by ${argv.length === 1 ? 'a program' : 'programs'} of the study's own: ${listed(shown)}${more}.`,
  ];
}

const most = 5;
