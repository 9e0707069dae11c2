"""What may come after an output: which node types take its rank, and which are usual there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ml.ops.table import NodeType
from ml.project.report import Shape

USUAL: dict[int, tuple[str, ...]] = {
    2: ("Dense", "Dropout", "BatchNormalization", "Activation", "LayerNormalization", "Add", "Concatenate", "Reshape", "Output", "ReLU", "RepeatVector"),
    3: (
        *("MultiHeadAttention", "LSTM", "GRU", "Conv1D", "Dense", "LayerNormalization", "Bidirectional", "GlobalAveragePooling1D", "MaxPooling1D"),
        *("Dropout", "Add", "Flatten", "TimeDistributed", "Attention", "SeparableConv1D", "Permute", "Concatenate", "Output"),
    ),
    4: (
        *("Conv2D", "MaxPooling2D", "BatchNormalization", "Activation", "GlobalAveragePooling2D", "SeparableConv2D", "Flatten", "Dropout", "Add"),
        *("AveragePooling2D", "DepthwiseConv2D", "Conv2DTranspose", "UpSampling2D", "Concatenate", "ReLU", "SpatialDropout2D", "Output"),
    ),
    5: ("Conv3D", "MaxPooling3D", "BatchNormalization", "Activation", "GlobalAveragePooling3D", "ConvLSTM2D", "Flatten", "Dropout", "UpSampling3D", "Output"),
}
"""What usually follows an output of this rank, the batch counted: features, sequences, images, volumes."""
NUMBERS = ("Embedding", "ops.one_hot", "CategoryEncoding", "Output")
"""What usually follows whole numbers, such as tokens."""
RECURRENT = {"LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional"}


@dataclass(frozen=True)
class Source:
    """What a new node would be fed with."""

    shape: Shape
    """With the batch."""
    dtype: str = ""

    @property
    def counts(self) -> bool:
        """Whether it is made of whole numbers."""
        return self.dtype.startswith(("int", "uint"))


def usual(source: Source) -> tuple[str, ...]:
    """The types that usually come next, the likeliest first."""
    return NUMBERS if source.counts else USUAL.get(len(source.shape), ("Flatten", "Reshape", "Activation", "Add", "Output"))


def fits(kind: NodeType, source: Source) -> bool:
    """Whether a node of this type takes such an output; where the table can't tell, it does."""
    if not kind.ports and kind.id not in ("Output", "Block"):
        return False
    if source.counts and kind.category in ("Convolution", "Pooling", "Recurrent", "Attention", "Normalization"):
        return False
    if kind.id == "Embedding":
        return source.counts or not source.dtype
    ranks = rank(kind)
    return ranks is None or len(source.shape) in ranks


def rank(kind: NodeType) -> tuple[int, ...] | None:
    """The ranks that a type takes, the batch counted, by Keras's own names; None: any.

    `Conv2D` slides over two of four dimensions; a `ConvLSTM2D` over two of five, for it goes through time.
    """
    if kind.id in RECURRENT or kind.category == "Attention":
        return (3, 4) if kind.id in ("MultiHeadAttention", "RNN", "Bidirectional") else (3,)
    if kind.id == "TimeDistributed":
        return (3, 4, 5)
    if kind.category == "Image preprocessing":
        return (4,)
    if kind.id == "RepeatVector":
        return (2,)
    spatial = re.search(r"(\d)D(Transpose)?$", kind.id)
    if spatial is None or kind.id.startswith("ops."):
        return None
    return (int(spatial[1]) + (3 if kind.id.startswith("ConvLSTM") else 2),)
