import { readStudy } from '../../../../tasks/report/study/read-study.ts';
import type { Study } from '../../../../tasks/report/study/study.ts';
import type { CompareRequest } from '../../../../tasks/report/compare/comparison.ts';
import { diffLines } from '../../../../tasks/report/compare/line-diff.ts';
import type { InputArtifact } from '../../../../engine/contract/task-context.ts';

/** A study of these scores, as a run's are read. */
export function studyOf(scores: readonly InputArtifact[]): Promise<Study> {
  return readStudy(
    { scores, previews: [], tables: [], models: [], absent: { scores: [], others: [] } },
    {
      title: '',
      description: '',
      limits: { heatmapImages: 0, heatmapIds: [], heatmapColumns: 0 },
      seedAxes: ['seed'],
    },
  );
}

/** What a comparison is told beside the scores: one option changed. */
export function toldOf(studies: CompareRequest['studies']): CompareRequest {
  const side = { study: 'fake', state: 'done', unfinished: [], madeOn: ['cpu-t1, tensorflow 2.21.0'] };
  return {
    studies,
    before: { ...side, run: 'run-1' },
    after: { ...side, run: 'run-2' },
    remarks: [],
    changes: {
      texts: [
        {
          file: 'study.yaml',
          lines: diffLines(
            'study: fake\n# <b>bold</b>\nepochs: 8\n',
            'study: fake\n# <b>bold</b>\nepochs: 12\n',
          ),
        },
      ],
      params: [{ name: 'epochs', before: '8', after: '12' }],
      causes: [
        {
          task: 'dense',
          what: 'option',
          name: 'recipe.epochs',
          before: '8',
          after: '12',
          count: 2,
          movesScores: true,
        },
      ],
      ...{ removed: [{ name: 'heatmaps@method=<i>', count: 4 }], added: [] },
      results: { same: 3, other: 9, remade: 0, open: 0 },
    },
  };
}
