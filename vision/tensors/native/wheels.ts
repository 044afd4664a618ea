import type { NativeVariant } from './place.ts';
import { TENSORFLOW_VERSION } from './place.ts';

/** A wheel of PyPI, pinned to its bytes. */
export interface Wheel {
  readonly project: string;
  readonly version: string;
  /** The platform tag that pip is asked for; pip matches it exactly. */
  readonly platformTag: string;
  /** `cp311`, whatever Python runs here: only the libraries inside are used. */
  readonly python: 'cp311' | 'py3';
  readonly sha256: string;
  /** Size of the download; absent where the total of the set is told instead. */
  readonly sizeBytes?: number;
}

/** What a variant needs on this platform. */
export interface NativeRecipe {
  readonly variant: NativeVariant;
  readonly tensorflow: Wheel;
  /** NVIDIA's libraries, in the versions that TensorFlow's `and-cuda` extra resolved to when this was written. */
  readonly cuda: readonly Wheel[];
  /** File names of TensorFlow's two libraries inside the wheel's `tensorflow/`. */
  readonly libraries: readonly string[];
  readonly downloadBytes: number;
  readonly unpackedBytes: number;
}

const LINUX_LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const MACOS_LIBRARIES = ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'];

/** The recipe for a platform, or undefined where TensorFlow publishes no wheel that fits. */
export function nativeRecipe(
  variant: NativeVariant,
  platform: string = `${process.platform}-${process.arch}`,
): NativeRecipe | undefined {
  switch (`${platform}-${variant}`) {
    case 'linux-x64-cpu':
      return cpuRecipe(LINUX_LIBRARIES, {
        project: 'tensorflow-cpu',
        platformTag: 'manylinux_2_27_x86_64',
        sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
        sizeBytes: 273_829_956,
      });
    case 'linux-arm64-cpu':
      return cpuRecipe(LINUX_LIBRARIES, {
        project: 'tensorflow',
        platformTag: 'manylinux_2_27_aarch64',
        sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
        sizeBytes: 281_828_020,
      });
    case 'darwin-arm64-cpu':
      return cpuRecipe(MACOS_LIBRARIES, {
        project: 'tensorflow',
        platformTag: 'macosx_12_0_arm64',
        sha256: '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
        sizeBytes: 223_405_849,
      });
    case 'linux-x64-cuda':
      return cudaRecipe();
    default:
      return undefined;
  }
}

function cpuRecipe(
  libraries: readonly string[],
  wheel: Pick<Wheel, 'project' | 'platformTag' | 'sha256'> & { readonly sizeBytes: number },
): NativeRecipe {
  return {
    variant: 'cpu',
    tensorflow: { ...wheel, version: TENSORFLOW_VERSION, python: 'cp311' },
    cuda: [],
    libraries,
    downloadBytes: wheel.sizeBytes,
    unpackedBytes: 0.86e9,
  };
}

function cudaRecipe(): NativeRecipe {
  return {
    variant: 'cuda',
    tensorflow: {
      project: 'tensorflow',
      version: TENSORFLOW_VERSION,
      platformTag: 'manylinux_2_27_x86_64',
      python: 'cp311',
      sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
      sizeBytes: 572_440_367,
    },
    cuda: CUDA_WHEELS,
    libraries: LINUX_LIBRARIES,
    downloadBytes: 3.4e9,
    unpackedBytes: 5.7e9,
  };
}

function nvidia(project: string, version: string, platformTag: string, sha256: string): Wheel {
  return { project, version, platformTag, python: 'py3', sha256 };
}

const CUDA_WHEELS: readonly Wheel[] = [
  nvidia(
    'nvidia-cublas-cu12',
    '12.9.3.13',
    'manylinux_2_27_x86_64',
    'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
  ),
  nvidia(
    'nvidia-cuda-cupti-cu12',
    '12.8.90',
    'manylinux2014_x86_64',
    'ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182',
  ),
  nvidia(
    'nvidia-cuda-nvcc-cu12',
    '12.9.86',
    'manylinux2010_x86_64',
    '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0',
  ),
  nvidia(
    'nvidia-cuda-nvrtc-cu12',
    '12.9.86',
    'manylinux2010_x86_64',
    '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
  ),
  nvidia(
    'nvidia-cuda-runtime-cu12',
    '12.9.79',
    'manylinux2014_x86_64',
    '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
  ),
  nvidia(
    'nvidia-cudnn-cu12',
    '9.28.0.42',
    'manylinux_2_27_x86_64',
    '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
  ),
  nvidia(
    'nvidia-cufft-cu12',
    '11.4.1.4',
    'manylinux2014_x86_64',
    'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
  ),
  nvidia(
    'nvidia-curand-cu12',
    '10.3.10.19',
    'manylinux_2_27_x86_64',
    '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
  ),
  nvidia(
    'nvidia-cusolver-cu12',
    '11.7.5.82',
    'manylinux_2_27_x86_64',
    '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
  ),
  nvidia(
    'nvidia-cusparse-cu12',
    '12.5.10.65',
    'manylinux2014_x86_64',
    '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
  ),
  nvidia(
    'nvidia-nccl-cu12',
    '2.32.3',
    'manylinux_2_27_x86_64',
    'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c',
  ),
  nvidia(
    'nvidia-nvjitlink-cu12',
    '12.9.86',
    'manylinux2010_x86_64',
    'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
  ),
];

/** The C++ compiler for machines that have none. */
export function compilerWheel(platform: string = `${process.platform}-${process.arch}`): Wheel | undefined {
  if (platform !== 'linux-x64') return undefined;
  return {
    project: 'ziglang',
    version: '0.17.0',
    platformTag: 'manylinux_2_12_x86_64',
    python: 'py3',
    sha256: '97079827064a7492cce5541ceb438ae8003ce1e54e399676da2d62fb7a5dc08b',
    sizeBytes: 101_011_302,
  };
}
