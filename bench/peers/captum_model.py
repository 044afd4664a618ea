"""Speed of an attribution method in captum on the CPU, channels-last where the model has maps. Arguments: model, images,
side, threads, method, points of a path in a pass.

Answers each line on standard input, a number of seconds, with a JSON line on standard output: after one round that does not
count, how many images were explained in how many seconds and how much processor time, and the most memory held so far.
Ends with its input. The predicted class is explained, so that it has to be found first.
"""
import json
import resource
import sys
import time

import captum
import torch
from captum.attr import GuidedGradCam, IntegratedGradients
from torch import nn

from torch_networks import network

name = sys.argv[1]
batch, side, threads = (int(argument) for argument in sys.argv[2:5])
method = sys.argv[5]
together = int(sys.argv[6])
torch.set_num_threads(threads)
torch.manual_seed(0)
layout = torch.contiguous_format if name.startswith("vit") else torch.channels_last
model = network(name).to(memory_format=layout).eval().requires_grad_(False)
for module in model.modules():
    # Captum changes what comes back through a ReLU, which it cannot where the ReLU overwrites its input.
    if isinstance(module, nn.ReLU):
        module.inplace = False
images = torch.randn(batch, 3, side, side).to(memory_format=layout)


def predicted():
    with torch.no_grad():
        return model(images).argmax(1)


def integrate():
    return IntegratedGradients(model).attribute(
        images, target=predicted(), n_steps=50, internal_batch_size=together, return_convergence_delta=True
    )


def guided_cam():
    # The last block of the last stage, by its place: the small ResNets are a sequence.
    layer = model.layer4[-1] if hasattr(model, "layer4") else model[-4]
    return GuidedGradCam(model, layer).attribute(images, target=predicted())


explain = {"integrated-gradients": integrate, "guided-grad-cam": guided_cam}[method]

print(json.dumps({"what": f"captum {captum.__version__} on PyTorch {torch.__version__}"}), flush=True)
for line in sys.stdin:
    explain()
    started, cpu, rounds = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - started < float(line):
        explain()
        rounds += 1
    answer = {
        "images": rounds * batch,
        "seconds": time.perf_counter() - started,
        "cpuSeconds": time.process_time() - cpu,
        "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(answer), flush=True)
