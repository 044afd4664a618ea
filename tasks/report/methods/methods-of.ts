import type { StudyRecord } from '../../../engine/contract/study-record.ts';
import type { Measured } from '../dress/measured.ts';
import { evidenceOf } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import { worksIn } from './phrase.ts';
import type { Phrase } from './phrase.ts';
import { attributionSentences } from './subjects/attribution.ts';
import { controlSentences } from './subjects/controls.ts';
import { dataSentences } from './subjects/data.ts';
import { decisionSentences } from './subjects/decisions.ts';
import { discoverySentences } from './subjects/discovery.ts';
import { localisationSentences } from './subjects/localisation.ts';
import { modelSentences } from './subjects/models.ts';
import { peopleSentences } from './subjects/people.ts';
import { programSentences } from './subjects/programs.ts';
import { pruningSentences } from './subjects/pruning.ts';
import { softwareSentences } from './subjects/software.ts';
import { statisticsSentences } from './subjects/statistics.ts';
import { trainingSentences } from './subjects/training.ts';
import type { Work } from './works/work.ts';

/** What a study did, as a paper's section on methods would tell it. */
export interface Methods {
  readonly study: string;
  /** In the order in which a paper tells them; subjects of which nothing was done are not there. */
  readonly paragraphs: readonly Paragraph[];
  /** What is cited, in the order in which it first is. */
  readonly works: readonly Work[];
}

export interface Paragraph {
  readonly title: string;
  readonly sentences: readonly Phrase[];
}

interface Subject {
  readonly title: string;
  readonly tell: (evidence: Evidence) => readonly Phrase[];
}

const subjects: readonly Subject[] = [
  { title: 'Models', tell: modelSentences },
  { title: 'Data', tell: dataSentences },
  { title: 'Training', tell: trainingSentences },
  { title: 'Pruning', tell: pruningSentences },
  { title: 'Attribution', tell: attributionSentences },
  { title: 'Localisation', tell: localisationSentences },
  { title: 'Object discovery', tell: discoverySentences },
  { title: 'Decisions', tell: decisionSentences },
  { title: 'Comparison with people', tell: peopleSentences },
  { title: 'Controls', tell: controlSentences },
  { title: 'Statistics', tell: statisticsSentences },
  { title: 'Other programs', tell: programSentences },
  { title: 'Software and computing', tell: softwareSentences },
];

/** Every clause comes from what the record says of tasks that are done: what was not done is neither told nor cited. */
export function methodsOf(record: StudyRecord, measured: Measured = new Map()): Methods {
  const evidence = evidenceOf(record, measured);
  const paragraphs = subjects
    .map(({ title, tell }): Paragraph => ({ title, sentences: tell(evidence) }))
    .filter(({ sentences }) => sentences.length > 0);
  const cited = paragraphs.flatMap(({ sentences }) => sentences.flatMap(worksIn));
  return {
    study: record.study,
    paragraphs,
    works: [...new Map(cited.map((work) => [work.key, work])).values()],
  };
}
