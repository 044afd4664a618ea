import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Two scores and their report: the first score is there at once, the second once the file `go` is. */
export async function writeSlowStudy(dir: string): Promise<{ readonly go: string }> {
  const go = join(dir, 'go');
  await writeFile(join(dir, 'slow.yaml'), study.replace('GO_FILE', go));
  await writeFile(join(dir, 'score.sh'), script);
  return { go };
}

const study = `study: slow
matrix: { at: [0, 1] }
tasks:
  score:
    uses: command
    with:
      run: [sh, score.sh, "s\${{ matrix.at }}"]
      files: [score.sh]
      env: { GO: GO_FILE }
      outputs: { scores: { type: scores, path: scores } }
  report: { uses: report, with: { title: Slow, scores: ["\${{ all.score.scores }}"] } }
`;
const script = `
[ "$1" = s0 ] || echo waiting for the file
[ "$1" = s0 ] || while [ ! -e "$GO" ]; do sleep 0.1; done
mkdir scores
printf '{"format":1,"measure":"accuracy","about":{"model":"resnet20","sparsity":0.%s0},"items":["a","b"],
  "metrics":{"accuracy":{"unit":"fraction","higherIsBetter":true,"mean":0.5,"values":[0,1]}}}' "\${1#s}" > scores/scores.json
`;
