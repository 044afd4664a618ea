"""LOST in Python, image by image, as its authors run it. Prints the boxes, and the milliseconds that the images took.

Arguments: a file of float32 features [images, patches, size], images, rows, columns, size, and a clone of valeoai/LOST
or `-`, for which a transcription of the paper's section 3 stands in. With `resnet18` in place of the file, features are
made on the way, from noise of [384, 512] pixels.
"""
import json
import sys
import time
import types

import numpy as np
import torch

torch.set_num_threads(1)


def published(folder):
    """The authors' own function. What its module imports besides, for reading data sets, need not be there."""
    for name in ("skimage", "skimage.io", "tqdm"):
        sys.modules.setdefault(name, types.ModuleType(name))
    sys.modules["tqdm"].tqdm = iter
    sys.path.insert(0, folder)
    from object_discovery import lost

    return lambda feats, dims: [float(x) for x in lost(feats, list(dims), [1, 1], (3, *dims))[0]]


def transcribed(feats, dims, k=100):
    """The paper's steps on tensors, without detours: all pairs, degrees, seed, expansion, the seed's component."""
    from scipy.ndimage import label

    feats = feats[0]
    affinity = feats @ feats.T
    degree = (affinity > 0).sum(1) - 1
    order = torch.argsort(degree, stable=True)
    seed = order[0]
    candidates = order[:k]
    similar = candidates[affinity[seed, candidates] > 0]
    votes = affinity[similar].sum(0).reshape(dims)
    labels, _ = label((votes > 0).numpy())
    rows, columns = np.where(labels == labels[np.unravel_index(int(seed), dims)])
    return [float(columns.min()), float(rows.min()), float(columns.max() + 1), float(rows.max() + 1)]


source, count, rows, columns, size, reference = sys.argv[1:7]
count, dims, size = int(count), (int(rows), int(columns)), int(size)
find = transcribed if reference == "-" else published(reference)

if source == "resnet18":
    import torchvision

    layers = list(torchvision.models.resnet18().eval().children())[:-2]
    network = torch.nn.Sequential(*layers)
    images = torch.randn(count, 3, 384, 512)

    @torch.no_grad()
    def features(i):
        found = network(images[i : i + 1]).reshape(1, size, -1).transpose(2, 1)
        return torch.nn.functional.layer_norm(found, found.shape[1:])
else:
    everything = torch.from_numpy(np.fromfile(source, np.float32).reshape(count, 1, -1, size))

    def features(i):
        return everything[i]


find(features(0), dims)
cpu, clock = time.process_time(), time.perf_counter()
boxes = [find(features(i), dims) for i in range(count)]
taken = {"cpuMs": 1000 * (time.process_time() - cpu), "wallMs": 1000 * (time.perf_counter() - clock)}
print(json.dumps({**taken, "boxes": boxes}))
