"""Evaluates a pool of models on sets of stimuli in the way of model-vs-human, in PyTorch on the CPU.

Arguments: folder of the sets, folder of exported models (each with load.py and model.json), threads, workers of the loader,
batch, a JSON file of the ImageNet classes of each category, folder for the CSV files, layout. Each model is read once and sees the
sets one after the other; each set has a DataLoader of torchvision's ImageFolder, which starts anew for each model. Mean
softmax over the classes of a category decides, and a line for each image is appended to the CSV of its set and model.
Layout is `channels-first`, as model-vs-human has it, or `channels-last`, which PyTorch computes faster.
"""
import csv
import json
import os
import re
import runpy
import sys
from pathlib import Path

import numpy
import torch
from torchvision import datasets, transforms

stimuli, weights, threads, workers, batch, categories_file, results, layout = sys.argv[1:]
memory_format = torch.channels_last if layout == "channels-last" else torch.contiguous_format
torch.set_num_threads(int(threads))
categories = json.loads(Path(categories_file).read_text())
names = list(categories)
stimulus_side = 224


class WithPaths(datasets.ImageFolder):
    """Images with where they lie: names tell category and condition."""

    def __getitem__(self, index):
        return super().__getitem__(index)[0], self.imgs[index][0]


def transform_for(preprocessing):
    """The whole image at the model's input size; as published, nothing is resized where it has that size already."""
    side = preprocessing["crop"]
    steps = [transforms.Resize(side)] if side != stimulus_side else []
    normalise = transforms.Normalize(preprocessing["mean"], preprocessing["std"])
    return transforms.Compose([*steps, transforms.ToTensor(), normalise])


def loader_of(folder, transform):
    inner = folder / "dnn"
    images = WithPaths(str(inner if inner.exists() else folder), transform)
    return torch.utils.data.DataLoader(images, int(batch), shuffle=False, num_workers=int(workers))


def decide(probabilities):
    """Names of the categories, the likeliest first, for each row."""
    means = [numpy.mean(numpy.take(probabilities, classes, axis=-1), axis=-1) for classes in categories.values()]
    order = numpy.flip(numpy.argsort(numpy.transpose(means), axis=-1), axis=-1)
    return numpy.take(names, order, axis=-1)


def facts_of(path):
    """Condition and category, by either layout."""
    parts = path.stem.split("_")
    return (parts[3], parts[4]) if len(parts) > 4 else ("0", path.parent.name)


def evaluate(name, model, set_name, loader):
    file = Path(results) / f"{set_name}_{name}.csv"
    with open(file, "w", newline="") as out:
        csv.writer(out).writerow(["subj", "trial", "object_response", "category", "condition", "imagename"])
    trial = 0
    for images, paths in loader:
        logits = model(images.contiguous(memory_format=memory_format))
        decisions = decide(torch.softmax(logits, dim=1).numpy())
        for decision, path in zip(decisions, paths):
            trial += 1
            condition, category = facts_of(Path(path))
            with open(file, "a", newline="") as out:
                csv.writer(out).writerow([name, trial, decision[0], category, condition, os.path.basename(path)])


def member(path):
    """An exported model's place in its pool."""
    return int(re.search(r"pool=(\d+)", str(path))[1])


Path(results).mkdir(parents=True, exist_ok=True)
exported = sorted((path.parent for path in Path(weights).rglob("load.py")), key=member)
preprocessing = json.loads((exported[0] / "model.json").read_text())["preprocessing"]
transform = transform_for(preprocessing)
loaders = {folder.name: loader_of(folder, transform) for folder in sorted(Path(stimuli).iterdir())}
with torch.no_grad():
    for folder in exported:
        network = runpy.run_path(str(folder / "load.py"))["load"](folder).to(memory_format=memory_format)
        for set_name, loader in loaders.items():
            evaluate(f"member{member(folder)}", network, set_name, loader)
