"""Three rounds of PyTorch's global magnitude pruning of a torchvision model. Argument: the model. Prints what they took."""
import json
import sys
import time

import torch
import torchvision
from torch import nn
from torch.nn.utils import prune

torch.set_num_threads(1)
model = getattr(torchvision.models, sys.argv[1])()
layers = [(m, "weight") for m in model.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
cpu, clock = time.process_time(), time.perf_counter()
for _ in range(3):
    prune.global_unstructured(layers, prune.L1Unstructured, amount=0.2)
taken = {"cpuMs": 1000 * (time.process_time() - cpu), "wallMs": 1000 * (time.perf_counter() - clock)}
print(json.dumps(taken))
