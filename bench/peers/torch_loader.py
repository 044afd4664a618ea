"""Speed of torchvision's ImageFolder in PyTorch's DataLoader. Arguments: folder of class folders, batch, workers.

Answers each line `PHASE SECONDS` on standard input with a JSON line on standard output. `load`: how many images came in
how many seconds, and what processor time this process and its workers took. `steps`: processor time of each step, in ms
an image. Ends with its input.
"""
import io
import json
import os
import sys
import time

import PIL
import torch
import torchvision
from PIL import Image
from torchvision import transforms

root, batch, workers = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(1)
crop = transforms.Compose([transforms.RandomResizedCrop(224), transforms.RandomHorizontalFlip()])
to_input = transforms.Compose(
    [transforms.ToTensor(), transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))]
)


def make_loader():
    """Images are read as often as it takes to fill 40 batches: an epoch's end is not what is measured."""
    images = torchvision.datasets.ImageFolder(root, transforms.Compose([crop, to_input]))
    order = [index for _ in range(-(-40 * batch // len(images))) for index in torch.randperm(len(images)).tolist()]
    return torch.utils.data.DataLoader(
        torch.utils.data.Subset(images, order), batch, shuffle=True, num_workers=workers, persistent_workers=True
    )


loader = make_loader()
ticks = os.sysconf("SC_CLK_TCK")


def for_ever():
    while True:
        yield from loader


def processor_seconds():
    spent = sum(os.times()[:2])
    for worker in loader._iterator._workers:
        with open(f"/proc/{worker.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        spent += (int(fields[11]) + int(fields[12])) / ticks
    return spent


batches = for_ever()


def load(seconds):
    # What was made ready while nobody measured does not count.
    for _ in range(2 * workers + 1):
        next(batches)
    started, cpu, images = time.perf_counter(), processor_seconds(), 0
    while time.perf_counter() - started < seconds:
        images += len(next(batches)[1])
    return {
        "images": images,
        "seconds": time.perf_counter() - started,
        "cpuSeconds": processor_seconds() - cpu,
    }


def time_steps():
    paths = [path for path, _ in loader.dataset.dataset.samples][:128]
    spent = {"decode": 0.0, "crop": 0.0, "normalise": 0.0}
    for path in paths:
        with open(path, "rb") as file:
            content = file.read()
        marks = [time.process_time()]
        image = Image.open(io.BytesIO(content)).convert("RGB")
        marks.append(time.process_time())
        image = crop(image)
        marks.append(time.process_time())
        to_input(image)
        marks.append(time.process_time())
        for step, begin, end in zip(spent, marks, marks[1:]):
            spent[step] += 1000 * (end - begin) / len(paths)
    return spent


what = f"torchvision {torchvision.__version__}, PyTorch {torch.__version__}, Pillow {PIL.__version__}"
print(json.dumps({"what": what}), flush=True)
for line in sys.stdin:
    phase, seconds = line.split()
    print(json.dumps(time_steps() if phase == "steps" else load(float(seconds))), flush=True)
