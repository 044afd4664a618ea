"""Loads exported models as their users would. Reads {models, snippet} from standard input; exits 1 where anything differs."""
import importlib.util
import json
import os
import sys

import torch

problems = []


def expect(holds, what):
    print(("ok      " if holds else "WRONG   ") + what)
    if not holds:
        problems.append(what)


def load_by_script(folder):
    spec = importlib.util.spec_from_file_location("load", os.path.join(folder, "load.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.load()


def check(entry):
    name, folder, side = entry["name"], entry["dir"], entry["side"]
    model = load_by_script(folder)
    with open(entry["input"], "rb") as file:
        image = torch.frombuffer(bytearray(file.read()), dtype=torch.float32).reshape(1, 3, side, side)
    with torch.inference_mode():
        logits = model(image)[0]
    expected = torch.tensor(entry["logits"])
    error = float((logits - expected).abs().max() / expected.abs().max().clamp(min=1e-12))
    expect(error < 1e-4 and float(expected.abs().max()) > 1e-6, f"{name}: load.py, strictly; logits differ by {error:.1e}")
    state = model.state_dict()
    saved = torch.load(os.path.join(folder, "model.pth"), weights_only=True)
    same = list(state) == list(saved) and all(
        torch.equal(state[key], saved[key]) and state[key].dtype == saved[key].dtype for key in state
    )
    expect(same, f"{name}: model.pth by torch.load(weights_only=True): names, order, types, values")
    masks = torch.load(os.path.join(folder, "masks.pth"), weights_only=True)
    zeros = sum(int((mask == 0).sum()) for mask in masks.values()) / sum(mask.numel() for mask in masks.values())
    kept = all(bool((saved[key][mask == 0] == 0).all()) for key, mask in masks.items())
    expect(abs(zeros - entry["sparsity"]) < 1e-12 and kept, f"{name}: masks.pth, sparsity {zeros:.6f}, zeros in the weights")


def run_snippet(entry, snippet):
    os.chdir(entry["dir"])
    scope = {}
    exec(snippet, scope)
    model, masks = scope["model"], torch.load("masks.pth", weights_only=True)
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for _ in range(2):
        model(torch.randn(2, 3, 64, 64)).sum().backward()
        optimiser.step()
    model(torch.randn(2, 3, 64, 64))
    held = all(
        bool((getattr(model.get_submodule(name.rsplit(".", 1)[0]), "weight")[mask == 0] == 0).all())
        for name, mask in masks.items()
    )
    expect(held, f"{entry['name']}: the snippet of docs/weights.md; pruned weights stay zero through training")


given = json.load(sys.stdin)
print(f"PyTorch {torch.__version__}")
for each in given["models"]:
    check(each)
    if each["name"] == "resnet18":
        run_snippet(each, given["snippet"])
sys.exit(1 if problems else 0)
