"""The networks of our benchmarks in PyTorch: torchvision's, and the small ResNets of CIFAR, which it has not."""
import torchvision
from torch import nn
from torch.nn import functional


class CifarBlock(nn.Module):
    """Two 3x3 convolutions; where the shape changes, the shortcut takes every second pixel and adds zero channels."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.relu2 = nn.ReLU()
        self.stride, self.side = stride, (outputs - inputs) // 2

    def forward(self, x):
        branch = self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x)))))
        if self.side > 0:
            x = functional.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.side, self.side))
        return self.relu2(branch + x)


def cifar_resnet(blocks, classes=10):
    """The networks of He et al. 2016, section 4.2, with shortcuts of option A."""
    layers, inputs = [], 16
    for outputs in (16, 32, 64):
        for index in range(blocks):
            layers.append(CifarBlock(inputs, outputs, 2 if index == 0 and outputs > 16 else 1))
            inputs = outputs
    stem = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    return nn.Sequential(*stem, *layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, classes))


def network(name):
    if name.startswith("resnet"):
        depth = int(name.removeprefix("resnet"))
        if (depth - 2) % 6 == 0 and depth != 50:
            return cifar_resnet((depth - 2) // 6)
    return getattr(torchvision.models, name)()
