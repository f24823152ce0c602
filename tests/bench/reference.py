#!/usr/bin/python3
"""The same networks and steps as fovea-bench, in PyTorch: what the table compares with.

    reference.py WORKLOAD [-t THREADS] [-b BATCH] [-m train|infer|fgsm|pgd] [-s SECONDS] [-l plain|last|frozen|frozen-last]

-l says how PyTorch lays the images out (plain: NCHW, last: channels last) and, for infer, whether the network is
traced and frozen first. Prints one JSON line with fovea-bench's fields. Needs Debian's python3-torch, and python3-torchvision
for resnet18.
"""
import argparse
import json
import os
import resource
import time

BEGAN = time.perf_counter()
# PyTorch's own threads share out the work; a BLAS that starts more of them only gets in their way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import torch
from torch import nn


def lenet():
    return (1, 28, 28), 10, nn.Sequential(
        nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(16 * 4 * 4, 10))


def vgg_small():
    parts, before = [], 3
    for channels in (32, 32, 64, 64, 128, 128):
        parts += [nn.Conv2d(before, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU()]
        if channels == before:
            parts.append(nn.MaxPool2d(2))
        before = channels
    return (3, 32, 32), 10, nn.Sequential(*parts, nn.Flatten(), nn.Linear(128 * 4 * 4, 10))


def tiny_vgg():
    parts, before = [], 3
    for pool in (False, True, False, True):
        parts += [nn.Conv2d(before, 10, 3), nn.ReLU()] + [nn.MaxPool2d(2)] * pool
        before = 10
    return (3, 64, 64), 10, nn.Sequential(*parts, nn.Flatten(), nn.Linear(10 * 13 * 13, 10))


def resnet18():
    import torchvision
    return (3, 224, 224), 1000, torchvision.models.resnet18()


NETWORKS = {"lenet": lenet, "vgg-small": vgg_small, "tiny-vgg": tiny_vgg, "resnet18": resnet18}


def make_step(mode, layout, network, x, label):
    if mode == "train":
        optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9)

        def train():
            optimizer.zero_grad(set_to_none=True)
            nn.functional.cross_entropy(network(x), label).backward()
            optimizer.step()
        return train
    network.eval()
    network.requires_grad_(False)
    if mode == "fgsm":
        def fgsm():
            image = x.detach().requires_grad_()
            gradient, = torch.autograd.grad(nn.functional.cross_entropy(network(image), label), image)
            return torch.clamp(x + 0.01 * gradient.sign(), 0, 1)
        return fgsm
    if mode == "pgd":
        epsilon, iterations = 0.1, 10
        low, high = torch.clamp(x - epsilon, 0, 1), torch.clamp(x + epsilon, 0, 1)

        def pgd():
            image = x.detach()
            for _ in range(iterations):
                image.requires_grad_()
                gradient, = torch.autograd.grad(nn.functional.cross_entropy(network(image), label, reduction="sum"), image)
                image = torch.clamp(image.detach() + 2.5 * epsilon / iterations * gradient.sign(), low, high)
        return pgd
    with torch.inference_mode():
        if layout.startswith("frozen"):
            network = torch.jit.optimize_for_inference(torch.jit.trace(network, x))

    def infer():
        with torch.inference_mode():
            network(x)
    return infer


def main():
    words = argparse.ArgumentParser()
    words.add_argument("workload", choices=NETWORKS)
    words.add_argument("-t", type=int, default=1)
    words.add_argument("-b", type=int, default=32)
    words.add_argument("-m", choices=["train", "infer", "fgsm", "pgd"], default="train")
    words.add_argument("-s", type=float, default=3)
    words.add_argument("-l", choices=["plain", "last", "frozen", "frozen-last"], default="plain")
    o = words.parse_args()
    torch.set_num_threads(o.t)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    shape, classes, network = NETWORKS[o.workload]()
    x, label = torch.rand(o.b, *shape), torch.randint(0, classes, (o.b,))
    if o.l.endswith("last"):
        x, network = x.to(memory_format=torch.channels_last), network.to(memory_format=torch.channels_last)
    step = make_step(o.m, o.l, network, x, label)
    step()
    first = time.perf_counter() - BEGAN
    said = {"peer": "torch " + torch.__version__, "workload": o.workload, "mode": o.m, "batch": o.b, "threads": o.t}
    if o.s > 0:
        for _ in range(5):
            step()
        times, cpu, start = [], time.process_time(), time.perf_counter()
        last = start
        while last - start < o.s:
            step()
            now = time.perf_counter()
            times.append(now - last)
            last = now
        times.sort()
        said.update(images_s=round(o.b * len(times) / (last - start), 1), ms_step=round(times[len(times) // 2] * 1e3, 4),
                    ms_min=round(times[0] * 1e3, 4), steps=len(times),
                    cpu=round((time.process_time() - cpu) / (last - start), 2),
                    ms_cpu=round((time.process_time() - cpu) * 1e3 / len(times), 4))
    said.update(first_step_s=round(first, 4), rss_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(said))


main()
