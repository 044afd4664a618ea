import { stripVTControlCharacters } from 'node:util';
import type { LeftOut, Plan } from '../engine/plan/plan.ts';
import type { GroupedCause } from '../engine/run/group-causes.ts';
import { groupCauses } from '../engine/run/group-causes.ts';
import type { TaskWhy } from '../engine/run/task-why.ts';
import { jsonFormat } from './json-format.ts';
import type { WhyDocument } from './json-output.ts';
import { causeLines, reasonOf } from './why-text.ts';

/** What `why --json` prints. */
export function whyDocument(
  plan: Plan,
  answers: readonly TaskWhy[],
  leftOut: readonly LeftOut[],
): WhyDocument {
  return {
    format: jsonFormat,
    study: plan.study,
    tasks: answers.map((answer) => ({
      ...answer,
      reason: reasonOf(answer),
      causes: answer.causes.map((cause) => ({
        ...cause,
        text: causeText({ first: cause, count: 1 }),
      })),
    })),
    groups: groupCauses(answers).map(({ example, tasks, causes }) => ({
      state: example.standing.state,
      causes: causes.map(causeText),
      tasks,
    })),
    leftOut,
  };
}

function causeText(cause: GroupedCause): string {
  return stripVTControlCharacters(causeLines(cause, Infinity).join('\n'));
}
