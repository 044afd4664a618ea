/** Names as people write them. What is not listed is shown as the study names it. */
const models: Names = {
  resnet18: 'ResNet-18',
  resnet50: 'ResNet-50',
  resnet20: 'ResNet-20',
  resnet56: 'ResNet-56',
  resnet34: 'ResNet-34',
  resnet32: 'ResNet-32',
  resnet44: 'ResNet-44',
  vit_b_32: 'ViT-B/32',
  vit_b_16: 'ViT-B/16',
  swin_v2_s: 'SwinV2-S',
  vit_mini_4: 'ViT-mini/4',
  swin_v2_mini: 'SwinV2-mini',
  swin_v2_t: 'SwinV2-T',
};

const methods: Names = {
  'integrated-gradients': 'Integrated Gradients',
  'grad-cam': 'Grad\u2011CAM',
  'guided-grad-cam': 'Guided Grad\u2011CAM',
  'guided-backprop': 'Guided backpropagation',
  attention: 'Attention',
  'attention-rollout': 'Attention rollout',
  saliency: 'Saliency',
  'input-x-gradient': 'Input × gradient',
  'smooth-grad': 'SmoothGrad',
  lrp: 'LRP',
  lost: 'LOST',
  'lost-authors': 'LOST as the authors',
};

const sets: Names = {
  colour: 'Colour',
  contrast: 'Contrast',
  'high-pass': 'High-pass',
  'low-pass': 'Low-pass',
  'phase-scrambling': 'Phase scrambling',
  'power-equalisation': 'Power equalisation',
  'false-colour': 'False colour',
  rotation: 'Rotation',
  eidolonI: 'Eidolon I',
  eidolonII: 'Eidolon II',
  eidolonIII: 'Eidolon III',
  'uniform-noise': 'Uniform noise',
  sketch: 'Sketch',
  stylized: 'Stylized',
  edge: 'Edge',
  silhouette: 'Silhouette',
  'cue-conflict': 'Cue conflict',
};

const metrics: Names = {
  rma: 'RMA',
  rra: 'RRA',
  corloc: 'CorLoc',
  iou: 'Mean IoU',
  pointing: 'Pointing game',
  energy: 'Energy pointing game',
  accuracy: 'Accuracy',
  top1: 'Top-1 accuracy',
  top5: 'Top-5 accuracy',
  shape_bias: 'Shape bias',
  error_consistency: 'Error consistency',
  observed_consistency: 'Observed consistency',
  accuracy_difference: 'Accuracy difference',
  validation_accuracy: 'Validation accuracy',
};

interface Names {
  readonly [name: string]: string;
}

export function modelLabel(model: string): string {
  return named(models, model);
}

export function methodLabel(method: string): string {
  return named(methods, method);
}

export function setLabel(set: string): string {
  return named(sets, set);
}

export function metricLabel(metric: string): string {
  return named(metrics, metric);
}

function named(names: Names, name: string): string {
  // Names come from studies: `constructor` must not find what every object inherits.
  return Object.hasOwn(names, name) ? names[name]! : name;
}
