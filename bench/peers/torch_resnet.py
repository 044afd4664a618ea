"""Speed of a ResNet in PyTorch, channels-last, on the CPU. Arguments: model, batch, side, threads.

Answers each line `PHASE SECONDS` on standard input (phase `training` or `evaluation`) with a JSON line on standard
output: after one step that does not count, how many steps were done in how many seconds. Ends with its input.
"""
import json
import sys
import time

import torch
import torchvision
from torch import nn
from torch.nn import functional


class CifarBlock(nn.Module):
    """Two 3x3 convolutions; where the shape changes, the shortcut takes every second pixel and adds zero channels."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.stride, self.side = stride, (outputs - inputs) // 2

    def forward(self, x):
        branch = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        if self.side > 0:
            x = functional.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.side, self.side))
        return torch.relu(branch + x)


def cifar_resnet(blocks, classes=10):
    """The networks of He et al. 2016, section 4.2, with shortcuts of option A."""
    layers, inputs = [], 16
    for outputs in (16, 32, 64):
        for index in range(blocks):
            layers.append(CifarBlock(inputs, outputs, 2 if index == 0 and outputs > 16 else 1))
            inputs = outputs
    stem = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    return nn.Sequential(*stem, *layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, classes))


def network(name):
    depth = int(name.removeprefix("resnet"))
    if (depth - 2) % 6 == 0 and depth != 50:
        return cifar_resnet((depth - 2) // 6)
    return getattr(torchvision.models, name)()


name = sys.argv[1]
batch, side, threads = (int(argument) for argument in sys.argv[2:5])
torch.set_num_threads(threads)
torch.manual_seed(0)
model = network(name).to(memory_format=torch.channels_last)
images = torch.randn(batch, 3, side, side).to(memory_format=torch.channels_last)
labels = torch.randint(0, 10, (batch,))
optimiser = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)


def train_step():
    model.train()
    optimiser.zero_grad(set_to_none=True)
    functional.cross_entropy(model(images), labels).backward()
    optimiser.step()


def evaluation_step():
    model.eval()
    with torch.inference_mode():
        model(images)


steps_of = {"training": train_step, "evaluation": evaluation_step}
print(json.dumps({"what": f"PyTorch {torch.__version__}"}), flush=True)
for line in sys.stdin:
    phase, seconds = line.split()
    step = steps_of[phase]
    step()
    started, steps = time.perf_counter(), 0
    while time.perf_counter() - started < float(seconds):
        step()
        steps += 1
    print(json.dumps({"steps": steps, "seconds": time.perf_counter() - started}), flush=True)
