"""The same LoRA step as TrainBenchmark's, as a plain PyTorch eager float32 loop.

Reads a line with the shape, then trains a step for each line "step" and prints its seconds. Weights are random: only time
and memory are measured. Needs nothing but torch (Debian: python3-torch); written for 1.13, which has no
scaled_dot_product_attention.
"""

import json
import math
import sys
import time

import torch
import torch.nn.functional as F

shape = json.loads(sys.stdin.readline())
torch.manual_seed(0)
torch.set_num_threads(shape["threads"])

H, HEADS, KV, SIZE, FF = shape["hidden"], shape["heads"], shape["kv_heads"], shape["head_size"], shape["feed_forward"]
RANK, SCALE = shape["rank"], 2.0
ROWS, LENGTH, SCORED = shape["rows"], shape["length"], shape["scored"]


class LoraLinear(torch.nn.Module):
    def __init__(self, inputs, outputs, bias=False):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.randn(outputs, inputs) / math.sqrt(inputs), requires_grad=False)
        self.bias = torch.nn.Parameter(torch.zeros(outputs), requires_grad=False) if bias else None
        self.a = torch.nn.Parameter(torch.randn(RANK, inputs) / math.sqrt(inputs))
        self.b = torch.nn.Parameter(torch.zeros(outputs, RANK))

    def forward(self, x):
        return F.linear(x, self.weight, self.bias) + SCALE * F.linear(F.linear(x, self.a), self.b)


def norm(x, weight):
    return weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6))


def turn(x, cos, sin):
    half = x.shape[-1] // 2
    return x * cos + torch.cat((-x[..., half:], x[..., :half]), -1) * sin


class Layer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = torch.nn.Parameter(torch.ones(H), requires_grad=False)
        self.norm2 = torch.nn.Parameter(torch.ones(H), requires_grad=False)
        self.q = LoraLinear(H, HEADS * SIZE, True)
        self.k = LoraLinear(H, KV * SIZE, True)
        self.v = LoraLinear(H, KV * SIZE, True)
        self.o = LoraLinear(HEADS * SIZE, H)
        self.gate = LoraLinear(H, FF)
        self.up = LoraLinear(H, FF)
        self.down = LoraLinear(FF, H)

    def forward(self, x, cos, sin, mask):
        n = norm(x, self.norm1)
        q = turn(self.q(n).view(ROWS, LENGTH, HEADS, SIZE).transpose(1, 2), cos, sin)
        k = turn(self.k(n).view(ROWS, LENGTH, KV, SIZE).transpose(1, 2), cos, sin)
        v = self.v(n).view(ROWS, LENGTH, KV, SIZE).transpose(1, 2)
        k, v = k.repeat_interleave(HEADS // KV, 1), v.repeat_interleave(HEADS // KV, 1)
        weights = F.softmax(q @ k.transpose(2, 3) / math.sqrt(SIZE) + mask, -1)
        x = x + self.o((weights @ v).transpose(1, 2).reshape(ROWS, LENGTH, HEADS * SIZE))
        n = norm(x, self.norm2)
        return x + self.down(F.silu(self.gate(n)) * self.up(n))


embedding = torch.randn(shape["vocabulary"], H) * 0.02
final = torch.ones(H)
layers = torch.nn.ModuleList(Layer() for _ in range(shape["layers"]))
angles = torch.outer(torch.arange(LENGTH).float(), 1e6 ** (-torch.arange(0, SIZE, 2).float() / SIZE))
cos, sin = torch.cat((angles.cos(),) * 2, -1), torch.cat((angles.sin(),) * 2, -1)
mask = torch.full((LENGTH, LENGTH), float("-inf")).triu(1)
ids = torch.randint(0, shape["vocabulary"], (ROWS, LENGTH))
trained = [p for p in layers.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(trained, lr=1e-4, weight_decay=0.01)
first = LENGTH - 1 - SCORED


def step():
    x = F.embedding(ids, embedding)
    for layer in layers:
        x = layer(x, cos, sin, mask)
    logits = F.linear(norm(x[:, first:-1], final), embedding)
    loss = F.cross_entropy(logits.reshape(-1, logits.shape[-1]), ids[:, first + 1:].reshape(-1))
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()


print(json.dumps({"torch": torch.__version__, "mkl": torch.backends.mkl.is_available()}), flush=True)
for _ in sys.stdin:
    began = time.perf_counter()
    step()
    print(time.perf_counter() - began, flush=True)
