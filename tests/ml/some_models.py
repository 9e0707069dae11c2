"""Keras models of every build, for the tests of what is imported."""

from __future__ import annotations

import keras
import numpy as np
from keras import layers, ops


def sequential() -> keras.Model:
    return keras.Sequential(
        [layers.Input((8, 8, 1)), layers.Conv2D(4, 3, activation="relu"), layers.Flatten(), layers.Dropout(0.2), layers.Dense(10, "softmax")]
    )


def sequential_without_input() -> keras.Model:
    model = keras.Sequential([layers.Dense(5), layers.Dense(2)])
    model.build((None, 3))
    return model


def skip() -> keras.Model:
    x = keras.Input((6,))
    y = layers.Dense(6, kernel_initializer=keras.initializers.RandomNormal(stddev=0.3), kernel_regularizer="l2")(x)
    return keras.Model(x, layers.Dense(1)(layers.Add()([x, layers.BatchNormalization()(y)])))


def nested() -> keras.Model:
    inner_input = keras.Input((6,))
    inner = keras.Model(inner_input, [layers.Dense(4)(inner_input), layers.Dense(3)(inner_input)], name="inner")
    x = keras.Input((6,))
    a, b = inner(x)
    return keras.Model(x, [keras.Sequential([layers.Dense(2)], name="head")(a), b])


def shared() -> keras.Model:
    encoder = keras.Sequential([layers.Input((6,)), layers.Dense(3)], name="encoder")
    dense = layers.Dense(3)
    x, y = keras.Input((6,), name="x"), keras.Input((6,), name="y")
    return keras.Model([y, x], layers.Dot(1)([dense(dense(encoder(x))), dense(encoder(y))]))


def nested_called_twice() -> keras.Model:
    inner_input = keras.Input((6,))
    inner = keras.Model(inner_input, layers.Dense(6)(inner_input), name="inner")
    x = keras.Input((6,))
    return keras.Model(x, [inner(x), inner(inner(x))])


def attention_by_hand() -> keras.Model:
    x = keras.Input((5, 8))
    q, k, v = (layers.Dense(4, use_bias=False, name=name)(x) for name in "qkv")
    scores = ops.softmax(ops.matmul(q, ops.transpose(k, (0, 2, 1))) / 2.0 + np.triu(np.full((5, 5), -1e9, "float32"), 1))
    return keras.Model(x, [1 - 2 * ops.einsum("bqk,bkd->bqd", scores, v)[:, 0, ::2], ops.concatenate([x, v], axis=-1)])


def operations() -> keras.Model:
    x = keras.Input((4, 6))
    left, right = ops.split(x, 2, axis=-1)
    y = ops.where(left > 0, right, -1.0) ** 2
    z = ops.mean(ops.stack([y, ops.maximum(left, right)], axis=1), axis=(1, 2), keepdims=True)
    return keras.Model(x, [ops.reshape(z, (-1, 3)), ops.cast(ops.argmax(x, axis=-1), "float32"), x[..., -1:], ops.clip(x, -1, 1), -x])


def multi_head_attention() -> keras.Model:
    x, y = keras.Input((7, 8)), keras.Input((5, 8))
    out, scores = layers.MultiHeadAttention(2, 4, name="cross")(x, y, return_attention_scores=True)
    return keras.Model(
        [x, y], [layers.LayerNormalization()(out), scores, layers.Attention()([x, y]), layers.MultiHeadAttention(2, 4)(x, x, use_causal_mask=True)]
    )


def recurrent() -> keras.Model:
    tokens = keras.Input((7,), dtype="int32")
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(layers.Embedding(11, 4)(tokens))
    out, state = layers.GRU(5, return_state=True)(x)
    return keras.Model(tokens, [layers.GRU(5)(x, initial_state=state), layers.TimeDistributed(layers.Dense(2))(x), out])


def normalization() -> keras.Model:
    x = keras.Input((3,))
    return keras.Model(x, layers.Dense(1, activation=layers.LeakyReLU(0.2))(layers.Normalization(mean=[1.0, 2.0, 3.0], variance=[4.0, 5.0, 6.0])(x)))


def wrappers() -> keras.Model:
    x = keras.Input((5, 4))
    y = layers.RNN(layers.StackedRNNCells([layers.LSTMCell(3), layers.GRUCell(2)]), return_sequences=True)(x)
    y = layers.Bidirectional(layers.GRU(3, return_sequences=True), backward_layer=layers.GRU(3, return_sequences=True, go_backwards=True))(y)
    y = layers.TimeDistributed(layers.SpectralNormalization(layers.Dense(4)))(y)
    return keras.Model(x, layers.GroupQueryAttention(4, 4, 2)(y, y))


def dictionaries() -> keras.Model:
    b, a = keras.Input((2,), name="b"), keras.Input((3,), name="a")
    left, right = keras.Input((2,), name="left"), keras.Input((3,), name="right")
    inner = keras.Model({"left": left, "right": right}, {"x": layers.Dense(4)(right), "y": layers.Dense(5)(left)}, name="inner")
    made = inner({"right": a, "left": b})
    return keras.Model({"b": b, "a": a}, {"second": made["y"], "first": layers.Dense(2)(made["x"])})


def named_arguments() -> keras.Model:
    inner_input = keras.Input((4,))
    inner = keras.Model(inner_input, layers.Dense(3)(inner_input), name="inner")
    x, y = keras.Input((4,)), keras.Input((6, 4))
    attended = layers.MultiHeadAttention(2, 3)(query=y, value=y)
    return keras.Model([x, y], [inner(inputs=x), layers.Dense(2)(inputs=x), attended])


def deep() -> keras.Model:
    def block(width: int, name: str) -> keras.Model:
        x = keras.Input((6,))
        inner = keras.Sequential([layers.Dense(width, "relu"), layers.BatchNormalization(), layers.Dense(6)], name="body")
        return keras.Model(x, layers.Add()([x, inner(x)]), name=name)

    x = keras.Input((6,))
    stack = keras.Sequential([layers.Input((6,)), block(5, "first"), block(7, "second"), layers.LayerNormalization()], name="stack")
    return keras.Model(x, layers.Dense(2)(stack(x)))


def straight_through() -> keras.Model:
    x = keras.Input((3,))
    return keras.Model(x, [x, layers.Dense(2)(x)])


def frozen() -> keras.Model:
    model = deep()
    model.get_layer("stack").trainable = False
    return model


def preprocessing() -> keras.Model:
    x = keras.Input((8, 8, 3))
    y = layers.RandomFlip()(layers.Rescaling(1 / 127.5, offset=-1)(x))
    normal = layers.Normalization(axis=-1)
    normal.build((None, 8, 8, 3))
    normal.set_weights([np.array([1.0, 2.0, 3.0], "float32"), np.array([4.0, 5.0, 6.0], "float32"), np.array(7, "int32")][: len(normal.weights)])
    return keras.Model(x, layers.GlobalAveragePooling2D()(layers.SeparableConv2D(4, 3)(normal(layers.Resizing(6, 6)(y)))))


SMALL = [sequential, sequential_without_input, skip, nested, shared, nested_called_twice, normalization, straight_through, deep, frozen, named_arguments]
LARGE = [attention_by_hand, operations, multi_head_attention, recurrent, wrappers, dictionaries, preprocessing]
