"""Writes test/fixtures/weights/*.pth: small checkpoints as PyTorch's users save them. Usage: write_fixtures.py FOLDER"""
import argparse
import os
import sys

import torch
from torch import nn
from torch.nn.utils import prune
from torch.optim.swa_utils import AveragedModel

folder = sys.argv[1]


def network():
    torch.manual_seed(1)
    layers = nn.Sequential()
    layers.add_module("conv", nn.Conv2d(3, 4, 3))
    layers.add_module("norm", nn.BatchNorm2d(4))
    layers.add_module("head", nn.Linear(4, 2))
    return layers


def save(name, value, **options):
    torch.save(value, os.path.join(folder, name), **options)


# As torchvision's references do: the model behind DataParallel, its average, the optimiser with state, the arguments.
model = network()
parallel = nn.DataParallel(model)
average = AveragedModel(model)
optimiser = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
schedule = torch.optim.lr_scheduler.StepLR(optimiser, 2)
model.head(torch.ones(1, 4)).sum().backward()
optimiser.step()
training = {
    "model": parallel.state_dict(),
    "optimizer": optimiser.state_dict(),
    "lr_scheduler": schedule.state_dict(),
    "epoch": 3,
    "args": argparse.Namespace(lr=0.1, device=torch.device("cpu")),
    "model_ema": average.state_dict(),
}
save("training.pth", training)
save("training-legacy.pth", training, _use_new_zipfile_serialization=False)

# As Lightning saves a compiled network: the module's attribute, then the compiler's wrapper.
compiled = {f"model._orig_mod.{name}": value for name, value in network().state_dict().items()}
save("compiled.pth", {"epoch": 1, "state_dict": compiled, "hyper_parameters": {"lr": 0.1}, "callbacks": {}})

# As torch.nn.utils.prune leaves it, after a step that moved masked weights too.
pruned = network()
prune.global_unstructured([(pruned.conv, "weight"), (pruned.head, "weight")], prune.L1Unstructured, amount=0.5)
with torch.no_grad():
    pruned.conv.weight_orig.add_(0.01)
save("pruned.pth", pruned.state_dict())

# Types, a parameter, and a parameter that somebody gave an attribute.
save("half.pth", network().half().state_dict())
save("bfloat16.pth", network().to(torch.bfloat16).state_dict())
save("double.pth", network().double().state_dict())
marked = network()
marked.conv.weight.group = "stem"
save("attributes.pth", {name: value for name, value in marked.named_parameters()})

# A whole module: not weights, but a program.
save("module.pth", network())
