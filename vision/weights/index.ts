export type { WeightsFailure } from './failure.ts';
export { readSafetensors, writeSafetensors } from './safetensors.ts';
export {
  float32Tensor,
  int64Scalar,
  toFloat32,
  toNumbers,
  uint8Tensor,
  type DType,
  type RawTensor,
  type RawTensors,
} from './raw-tensor.ts';
export { fitStateDict, type StateDict } from './state-dict.ts';
export { readTorchFile } from './torch-file.ts';
