import { type InputData, TaskError } from '../../engine/contract/task-context.ts';
import { readHumanTrials, trialKey, type HumanTrial } from '../../vision/ood/human-trials.ts';
import type { OodSet } from '../../vision/ood/sets.ts';
import { checkedFiles } from '../data/checked-files.ts';

/** The trials of all people on a set. Throws where a file or a row cannot be understood, with its name and line. */
export async function readHumans(input: InputData, set: OodSet): Promise<readonly HumanTrial[]> {
  if (input.adapter !== 'human-decisions')
    throw new TaskError('task', `humans: ${input.adapter} holds no human decisions (uses: human-decisions)`);
  const { read } = checkedFiles(input);
  const trials: HumanTrial[] = [];
  const places = new Map<string, string>();
  for (const { path } of input.files) {
    const found = readHumanTrials(Buffer.from(await read(path)).toString('utf8'), set);
    if (found.kind === 'invalid') throw new TaskError('task', `${path}:${found.line}: ${found.message}`);
    for (const trial of found.trials) {
      // A person may have had several sessions, but an image only once.
      const key = JSON.stringify([trial.subject, trialKey(trial)]);
      const first = places.get(key);
      if (first !== undefined && first !== path)
        throw new TaskError('task', `${path}: ${trial.subject} was shown ${trial.fileName} in ${first} too`);
      places.set(key, path);
    }
    trials.push(...found.trials);
  }
  return trials;
}
