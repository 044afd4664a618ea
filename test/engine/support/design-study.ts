/** A whole study of the shape that the language was made for. */
export const designStudy = `study: quickstart
params: { model: resnet20, rounds: 6 }
data:
  train: { uses: shapes, split: train }
  masks: { uses: shapes, split: masks }
  ood: { uses: shapes, split: ood }
matrix: { seed: [0, 1] }
tasks:
  dense: { uses: train, with: { model: "\${{ params.model }}", data: "\${{ data.train }}", seed: "\${{ matrix.seed }}", recipe: { epochs: 8 } } }
  lrr:
    repeat: { from: "\${{ dense.model }}", to: "\${{ retrain.model }}", times: params.rounds }
    tasks:
      cut: { uses: prune, with: { model: "\${{ previous }}", fraction: 0.2 } }
      retrain: { uses: train, with: { model: "\${{ cut.model }}", data: "\${{ data.train }}", seed: "\${{ matrix.seed }}", recipe: { epochs: 3 } } }
  pool: { uses: pool, with: { models: ["\${{ dense.model }}", "\${{ all.lrr.retrain.model }}"] } }
  heatmaps:
    each: pool
    matrix: { method: [integrated-gradients, grad-cam, guided-grad-cam] }
    uses: attribute
    with: { model: "\${{ member.model }}", data: "\${{ data.masks }}", method: "\${{ matrix.method }}" }
  localise: { each: heatmaps, uses: localise, with: { heatmaps: "\${{ member.heatmaps }}", data: "\${{ data.masks }}", metrics: [rma, rra] } }
  boxes: { each: pool, uses: lost, with: { model: "\${{ member.model }}", data: "\${{ data.masks }}" } }
  corloc: { each: boxes, uses: corloc, with: { boxes: "\${{ member.boxes }}", data: "\${{ data.masks }}" } }
  human: { each: pool, matrix: { set: "\${{ data.ood.sets }}" }, uses: evaluate, with: { model: "\${{ member.model }}", data: "\${{ data.ood }}", set: "\${{ matrix.set }}" } }
  report: { uses: report, with: { scores: ["\${{ all.localise.scores }}", "\${{ all.corloc.scores }}", "\${{ all.human.scores }}"] } }
`;
