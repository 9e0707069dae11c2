"""What models make while they train, and on request."""

import keras
import numpy as np
import pytest

from ml import data
from ml.events import Array, Generate
from ml.generate import GenerateProblem, Observer
from ml.project.project import Choice, Data, Project

TEXT = Data("text", {"context": 8})


def observer(recipe, models, source=Data("digits")):  # noqa: B008 - a frozen value
    return Observer(Project("test", source, {}, Choice(recipe)), models, data.load(source))


def decoder(weights=(1.0, 0.0, 0.1)):
    """Each number of the code lights its own pixels of a picture, by its weight."""
    inputs = keras.Input((3,))
    dense = keras.layers.Dense(64, use_bias=False)
    model = keras.Model(inputs, keras.layers.Reshape((8, 8, 1))(dense(inputs)))
    dense.set_weights([np.eye(3, 64) * np.array(weights)[:, None]])
    return model


def encoder():
    inputs = keras.Input((8, 8, 1))
    flat = keras.layers.Flatten()(inputs)
    return keras.Model(inputs, [keras.layers.Dense(3)(flat), keras.layers.Dense(3)(flat)])


@pytest.fixture(scope="module")
def vae():
    keras.utils.set_random_seed(0)
    return observer("vae", {"encoder": encoder(), "decoder": decoder()})


@pytest.fixture(scope="module")
def gan():
    return observer("gan", {"generator": decoder()})


@pytest.fixture(scope="module")
def writer():
    inputs = keras.Input((8,), dtype="int32")
    return observer("causal_lm", {"model": keras.Model(inputs, keras.layers.Embedding(96, 96)(inputs))}, TEXT)


def test_a_vae_shows_samples_and_reconstructions(vae):
    samples, reconstructions = vae.observe(5)
    assert (samples.name, reconstructions.name) == ("samples", "reconstructions")
    originals = data.load(Data("digits")).part("validation")[0]
    shown = reconstructions.pixels.numpy()
    assert np.array_equal(shown[:8], np.rint(originals[:8] * 255))
    assert np.array_equal(shown[16:24], np.rint(originals[8:16] * 255))


def test_a_gan_shows_the_same_noise_every_time(gan):
    first, again = gan.observe(1)[0], gan.observe(2)[0]
    assert first.pixels == again.pixels
    assert first.pixels.shape == (64, 8, 8, 1)


def test_a_language_model_shows_a_text_that_begins_with_the_datas(writer):
    (shown,) = writer.observe(3)
    start = data.load(TEXT)
    assert shown.text.startswith(start.decode(start.part("validation")[0][0]))


def test_supervised_models_show_nothing():
    assert observer("supervised", {}).observe(0) == []


def test_latents_are_decoded_one_by_one(gan):
    latents = Array.of(np.array([[1, 0, 0], [0.5, 0, 0], [9, 0, 5]], "float32"))
    answer = gan.answer(Generate(4, "latents", arrays={"latents": latents}))
    pixels = answer.arrays["pixels"].numpy()
    assert answer.id == 4
    assert pixels.dtype == np.uint8
    assert pixels[:, 0, 0, 0].tolist() == [255, 128, 255]
    assert pixels[2, 0, 2, 0] == 128


def test_noise_comes_with_its_latents(gan):
    answer = gan.answer(Generate(0, "noise", n=5, seed=2))
    again = gan.answer(Generate(0, "latents", arrays={"latents": answer.arrays["latents"]}))
    assert answer.arrays["pixels"] == again.arrays["pixels"]


def test_an_interpolation_has_as_many_steps_as_were_asked_for(gan):
    ends = Array.of(np.eye(2, 3, dtype="float32"))
    answer = gan.answer(Generate(0, "interpolate", n=7, arrays={"latents": ends}))
    assert answer.arrays["pixels"].shape == (7, 8, 8, 1)


def test_the_plane_orders_dimensions_by_what_they_do(vae):
    arrays = vae.answer(Generate(0, "plane")).arrays
    validation = data.load(Data("digits")).parts["validation"]
    assert arrays["latents"].shape == (len(validation), 3)
    assert arrays["labels"].shape == (len(validation),)
    assert np.argsort(arrays["effect"].numpy()).tolist() == [1, 2, 0]
    assert arrays["effect"].numpy()[1] == 0


def test_text_is_the_continuation_alone(writer):
    answer = writer.answer(Generate(0, "text", n=12, text="def ", seed=1, arguments={"temperature": 0.5, "top_k": 3}))
    assert len(answer.text) == 12


@pytest.mark.parametrize(
    ("maker", "command", "sentence"),
    [
        ("gan", Generate(0, "plane"), "Only models with an encoder"),
        ("gan", Generate(0, "text"), "makes no text"),
        ("gan", Generate(0, "noise", n=0), "Between 1 and 4096"),
        ("gan", Generate(0, "noise", seed=-1), "seed must be at least 0"),
        ("gan", Generate(0, "dream"), "no way to make 'dream'"),
        ("gan", Generate(0, "latents"), "must be given, 3 numbers"),
        ("gan", Generate(0, "latents", arrays={"latents": Array.of(np.zeros((2, 4), "float32"))}), "rows of 3"),
        ("gan", Generate(0, "latents", arrays={"latents": Array.of(np.full((2, 3), np.nan))}), "finite"),
        ("gan", Generate(0, "interpolate", arrays={"latents": Array.of(np.zeros((3, 3)))}), "between two rows"),
        ("writer", Generate(0, "noise"), "makes no pictures"),
        ("writer", Generate(0, "text", text="naïve"), "knows no 'ï'"),
        ("writer", Generate(0, "text", arguments={"temperature": -1}), "temperature must be at least 0"),
    ],
)
def test_what_can_not_be_made_is_said(request, maker, command, sentence):
    with pytest.raises(GenerateProblem, match=sentence):
        request.getfixturevalue(maker).answer(command)
