"""Commands and events arrive as they were sent."""

import io

import numpy as np
import pytest

from ml import catalog, events


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (events.Command, events.Check(1, catalog.new("cnn"))),
        (events.Command, events.SetParameter("beta", 2.0)),
        (events.Event, events.Metrics("epoch", 10, 1, {"loss": 0.5})),
        (events.Event, events.Picture("samples", 3, events.Array.of(np.arange(6, dtype="uint8").reshape(1, 2, 3, 1)))),
    ],
)
def test_a_message_comes_back_as_it_was(kind, message):
    stream = io.BytesIO()
    events.send(stream, message)
    stream.seek(0)
    assert events.receive(stream, kind) == message


def test_an_array_keeps_its_numbers_its_shape_and_its_type():
    array = np.random.default_rng(0).normal(size=(2, 3)).astype("float32")
    back = events.Array.of(array.T).numpy()
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array.T)


def test_the_end_of_a_stream_is_none_also_in_the_middle_of_a_frame():
    assert events.receive(io.BytesIO(b""), events.Event) is None
    assert events.receive(io.BytesIO(b"\x00\x00"), events.Event) is None
    assert events.receive(io.BytesIO(b"\x00\x00\x00\x09\x81"), events.Event) is None
