"""Speed of a model in PyTorch, channels-last where it has maps. Arguments: model, batch, side, threads, phase, device.

Answers each line on standard input, a number of seconds, with a JSON line on standard output: after one step that does not
count, how many images were done in how many seconds and how much processor time, and the most memory held so far. Ends
with its input. On `cuda` each step takes its images out of the host's memory, as a training does, and products of matrices
and convolutions are of whole float32 (no TF32), as ours are. ResNets train by SGD, transformers by AdamW with a clipped gradient and label smoothing, as torchvision's
recipes have it.
"""
import json
import resource
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
    if name.startswith("resnet"):
        depth = int(name.removeprefix("resnet"))
        if (depth - 2) % 6 == 0 and depth != 50:
            return cifar_resnet((depth - 2) // 6)
    return getattr(torchvision.models, name)()


def optimiser_of(name, model):
    """The optimiser, the longest gradient and the label smoothing."""
    parameters = list(model.parameters())
    if name.startswith("resnet"):
        return torch.optim.SGD(parameters, lr=1e-4, momentum=0.9, weight_decay=1e-4), None, 0
    if name.startswith("vit"):
        return torch.optim.AdamW(parameters, lr=1e-4, weight_decay=0.3), 1, 0.11
    named = list(model.named_parameters())
    spared = {key for key, value in named if value.ndim <= 1}
    groups = [
        {"params": [value for key, value in named if key not in spared], "weight_decay": 0.05},
        {"params": [value for key, value in named if key in spared], "weight_decay": 0},
    ]
    return torch.optim.AdamW(groups, lr=1e-4), 5, 0.1


name = sys.argv[1]
batch, side, threads = (int(argument) for argument in sys.argv[2:5])
phase, device = sys.argv[5:7]
torch.set_num_threads(threads)
torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
torch.manual_seed(0)
layout = torch.contiguous_format if name.startswith("vit") else torch.channels_last
model = network(name).to(device, memory_format=layout)
images = torch.randn(batch, 3, side, side).to(memory_format=layout)
labels = torch.randint(0, 10, (batch,), device=device)
if device == "cuda":
    images = images.pin_memory()
model.train(phase == "training")


def fed():
    return images.to(device, non_blocking=True)


def finish():
    """Waits for what the device has been asked for."""
    if device == "cuda":
        torch.cuda.synchronize()


def train_step(optimiser, longest, smoothing):
    optimiser.zero_grad(set_to_none=True)
    functional.cross_entropy(model(fed()), labels, label_smoothing=smoothing).backward()
    if longest is not None:
        nn.utils.clip_grad_norm_(model.parameters(), longest)
    optimiser.step()


def evaluation_step():
    with torch.inference_mode():
        model(fed())


if phase == "training":
    optimiser, longest, smoothing = optimiser_of(name, model)

    def step():
        train_step(optimiser, longest, smoothing)

else:
    step = evaluation_step

print(json.dumps({"what": f"PyTorch {torch.__version__}"}), flush=True)
for line in sys.stdin:
    step()
    finish()
    started, cpu, steps = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - started < float(line):
        step()
        steps += 1
    finish()
    answer = {
        "images": steps * batch,
        "seconds": time.perf_counter() - started,
        "cpuSeconds": time.process_time() - cpu,
        "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(answer), flush=True)
