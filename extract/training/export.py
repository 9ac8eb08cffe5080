"""Writes a trained network as the files the program ships: an int8 ONNX encoder, the heads, the tokenizer.

    python -m extract.training.export reader.pt --out extract/model

The embeddings of the speakers' marks take the place of unused words. Matrix products run in int8 with scales taken
from the data at hand ("dynamic"); the word table is int8 with a scale for each word.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx  # type: ignore[import-not-found]
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from tokenizers import Tokenizer
from torch import Tensor, nn

from extract.classify_units import FIRST_MARK
from extract.training.network import DISTANCES, WIDE, TurnReader
from extract.training.score import load
from extract.training.train import base_model

HEADS = ("kinds", "ends", "notice", "about", "change", "answer", "asked", "later", "earlier")


class Body(nn.Module):  # type: ignore[misc]
    """The layers above the word table: word vectors in, states out."""

    def __init__(self, model: TurnReader):
        super().__init__()
        self.encoder = model.encoder

    def forward(self, words: Tensor, mask: Tensor) -> Tensor:
        """Return the last hidden states; `mask` is 1 for a token, 0 for padding."""
        hidden = self.encoder.embeddings(inputs_embeds=words)
        dark = (1.0 - mask[:, None, None, :].to(words.dtype)) * -10000.0
        for layer in self.encoder.encoder.layer:
            hidden = self._layer(layer, hidden, dark)
        return hidden

    def _layer(self, layer: nn.Module, hidden: Tensor, dark: Tensor) -> Tensor:
        """Return one layer's states, written out so that the optimizer knows the pattern."""
        own = layer.attention.self
        heads, wide = own.num_attention_heads, own.attention_head_size

        def split(x: Tensor) -> Tensor:
            return x.view(x.size(0), x.size(1), heads, wide).transpose(1, 2)

        q, k, v = split(own.query(hidden)), split(own.key(hidden)), split(own.value(hidden))
        weight = torch.softmax(torch.matmul(q, k.transpose(-1, -2)) / wide**0.5 + dark, dim=-1)
        mixed = torch.matmul(weight, v).transpose(1, 2).contiguous()
        mixed = mixed.view(mixed.size(0), mixed.size(1), heads * wide)
        attended = layer.attention.output.LayerNorm(layer.attention.output.dense(mixed) + hidden)
        inner = nn.functional.gelu(layer.intermediate.dense(attended))
        made: Tensor = layer.output.LayerNorm(layer.output.dense(inner) + attended)
        return made


def main() -> None:
    """Export as the command line says."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("checkpoint", type=Path)
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--base", type=Path, default=base_model())
    asked = ask.parse_args()
    write_model(*load(asked.checkpoint, asked.base), asked.out)


def write_model(model: TurnReader, tokenizer: Tokenizer, out: Path) -> None:
    """Write the encoder, the heads and the tokenizer into the folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    write_encoder(model, out / "turns.onnx")
    write_heads(model, out / "turns_heads.npz")
    plain = json.loads(tokenizer.to_str())
    (out / "turns_tokenizer.json").write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")


def write_encoder(model: TurnReader, out: Path) -> None:
    """Write the int8 encoder: token ids and mask in, states out."""
    with tempfile.TemporaryDirectory() as folder:
        plain, fused, small = (str(Path(folder, n)) for n in ("plain.onnx", "fused.onnx", "small.onnx"))
        words, mask = torch.zeros(2, 16, WIDE), torch.ones(2, 16, dtype=torch.long)
        with torch.inference_mode():
            torch.onnx.export(
                Body(model).eval(),
                (words, mask),
                plain,
                input_names=["words", "mask"],
                output_names=["states"],
                dynamic_axes={"words": {0: "b", 1: "t"}, "mask": {0: "b", 1: "t"}, "states": {0: "b", 1: "t"}},
                opset_version=17,
                dynamo=False,
            )
        made = optimizer.optimize_model(plain, model_type="bert", num_heads=12, hidden_size=WIDE, opt_level=0)
        print("fused:", made.get_fused_operator_statistics())
        made.save_model_to_file(fused)
        quantize_dynamic(
            fused,
            small,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,  # seven bits: the full range overflows on processors without VNNI
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
        )
        graph = onnx.load(small)
    add_words(graph, word_table(model))
    onnx.checker.check_model(graph)
    onnx.save(graph, str(out))


def word_table(model: TurnReader) -> NDArray[np.float32]:
    """Return the word vectors, the marks' in place of the first unused words."""
    table = model.encoder.embeddings.word_embeddings.weight.detach().clone()
    marks = (model.sides[:, None] + model.slots[None]).reshape(-1, WIDE).detach()
    table[FIRST_MARK : FIRST_MARK + len(marks)] = marks
    made: NDArray[np.float32] = table.numpy()
    return made


def add_words(graph: onnx.ModelProto, table: NDArray[np.float32]) -> None:
    """Put an int8 word table with a scale for each word before the graph, which then reads token ids."""
    scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-8) / 127
    small = np.clip(np.rint(table / scale), -127, 127).astype(np.int8)
    g = graph.graph
    g.initializer.extend(
        [numpy_helper.from_array(small, "word_table"), numpy_helper.from_array(scale.astype(np.float32), "word_scale")]
    )
    nodes = [
        helper.make_node("Gather", ["word_table", "ids"], ["word_small"]),
        helper.make_node("Gather", ["word_scale", "ids"], ["word_scales"]),
        helper.make_node("Cast", ["word_small"], ["word_float"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["word_float", "word_scales"], ["words"]),
    ]
    for node in reversed(nodes):
        g.node.insert(0, node)
    place = next(i for i, x in enumerate(g.input) if x.name == "words")
    del g.input[place]
    g.input.insert(0, helper.make_tensor_value_info("ids", TensorProto.INT64, ["b", "t"]))


def write_heads(model: TurnReader, out: Path) -> None:
    """Write the heads' weights, transposed for `states @ weight + bias`."""
    arrays: dict[str, Any] = {}
    for name in HEADS:
        head: nn.Linear = getattr(model, name)
        arrays[f"{name}_w"] = head.weight.detach().numpy().T.astype(np.float32)
        arrays[f"{name}_b"] = head.bias.detach().numpy().astype(np.float32)
    for name in ("answer_far", "same_far", "none"):
        arrays[name] = getattr(model, name).detach().numpy()
    arrays["distances"] = np.array(DISTANCES)
    np.savez_compressed(out, **arrays)


if __name__ == "__main__":
    main()
