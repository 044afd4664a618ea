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
from torch import nn
from torch.nn import functional

from torch_networks import network


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
