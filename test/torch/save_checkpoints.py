"""Builds, prunes and saves models as PyTorch's users do. Reads {dir, models} from standard input; prints what they give."""
import json
import os
import sys

import torch
import torchvision  # noqa: F401, for the expressions
from torch import nn
from torch.nn.utils import prune

given = json.load(sys.stdin)
saved = []
for index, entry in enumerate(given["models"]):
    torch.manual_seed(index)
    model = eval(entry["expression"])
    if hasattr(model, "heads"):
        nn.init.normal_(model.heads.head.weight)  # torchvision starts it at zero: all logits would be
    layers = [(m, "weight") for m in model.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    prune.global_unstructured(layers, prune.L1Unstructured, amount=0.5)
    with torch.no_grad():  # as if trained on: masked weights have moved away from zero
        for layer, _ in layers:
            layer.weight_orig.add_(1e-3)
            # Attention reads its layers' weights without calling them, so that the hook which applies masks does not run.
            layer.weight = layer.weight_orig * layer.weight_mask
    model.eval()
    with open(entry["input"], "rb") as file:
        side = entry["side"]
        image = torch.frombuffer(bytearray(file.read()), dtype=torch.float32).reshape(1, 3, side, side)
    with torch.inference_mode():
        logits = model(image)[0]
    path = os.path.join(given["dir"], f"{entry['name']}.pth")
    torch.save({"model": nn.DataParallel(model).state_dict(), "epoch": 1}, path)
    masks = [layer.weight_mask for layer, _ in layers]
    saved.append(
        {
            "name": entry["name"],
            "path": path,
            "logits": logits.tolist(),
            "pruned": sum(int((mask == 0).sum()) for mask in masks),
            "total": sum(mask.numel() for mask in masks),
        }
    )
json.dump(saved, sys.stdout)
