"""Images per second of torchvision's ResNet-18 in PyTorch, channels-last, on the CPU. Prints one JSON object."""
import json
import sys
import time

import torch
import torchvision

batch, size, threads, seconds = (int(a) for a in sys.argv[1:5])
torch.set_num_threads(threads)
torch.manual_seed(0)
model = torchvision.models.resnet18().to(memory_format=torch.channels_last)
images = torch.randn(batch, 3, size, size).to(memory_format=torch.channels_last)
labels = torch.randint(0, 1000, (batch,))
optimiser = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)


def train_step():
    optimiser.zero_grad(set_to_none=True)
    torch.nn.functional.cross_entropy(model(images), labels).backward()
    optimiser.step()


def evaluation_step():
    with torch.inference_mode():
        model(images)


def rate(step):
    step()
    step()
    started, steps = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        step()
        steps += 1
    return steps * batch / (time.perf_counter() - started)


model.train()
training = rate(train_step)
model.eval()
print(json.dumps({"peer": f"torch {torch.__version__}", "training": training, "evaluation": rate(evaluation_step)}))
