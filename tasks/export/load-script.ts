import type { StoredModel } from '../model/stored-model.ts';

/** A Python program that loads the exported weights strictly. Models outside torchvision bring their definition along. */
export function loadScript({ description, classes, config }: StoredModel): string {
  const torchvision = description.torchvision?.(config);
  return [
    '"""Loads the exported model: `from load import load; model = load()`. Needs torch and safetensors."""',
    '',
    'from pathlib import Path',
    '',
    ...(torchvision !== undefined ? torchvisionImports : cifarDefinition),
    '',
    'def load(folder=Path(__file__).parent):',
    torchvision !== undefined
      ? `    model = ${torchvision}`
      : `    model = CifarResNet(depth=${description.name.replace(/\D/g, '')}, classes=${classes.length})`,
    '    state = load_file(Path(folder) / "model.safetensors")',
    '    model.load_state_dict(state, strict=True)',
    '    return model.eval()',
    '',
    '',
    'if __name__ == "__main__":',
    '    layers = [m for m in load().modules() if isinstance(m, (nn.Conv2d, nn.Linear))]',
    '    weights = [m.weight for m in layers]',
    '    zeros = sum(int((p == 0).sum()) for p in weights)',
    '    print(f"sparsity {zeros / sum(p.numel() for p in weights):.6f}")',
    '',
  ].join('\n');
}

const torchvisionImports = [
  'import torchvision',
  'from safetensors.torch import load_file',
  'from torch import nn',
  '',
];

const cifarDefinition = `import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.stride, self.pad = stride, (outputs - inputs) // 2

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        shortcut = x[:, :, :: self.stride, :: self.stride]
        return F.relu(y + F.pad(shortcut, (0, 0, 0, 0, self.pad, self.pad)))


class CifarResNet(nn.Module):
    """He et al. 2016, section 4.2, with option-A shortcuts."""

    def __init__(self, depth, classes):
        super().__init__()
        blocks = (depth - 2) // 6
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = self.stage(16, 16, blocks, 1)
        self.layer2 = self.stage(16, 32, blocks, 2)
        self.layer3 = self.stage(32, 64, blocks, 2)
        self.linear = nn.Linear(64, classes)

    @staticmethod
    def stage(inputs, outputs, blocks, stride):
        first = Block(inputs, outputs, stride)
        return nn.Sequential(first, *(Block(outputs, outputs, 1) for _ in range(blocks - 1)))

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(x.mean((2, 3)))

`.split('\n');
