"""Commands and events arrive as they were sent."""

import msgspec
import numpy as np
import pytest

from ml import catalog, events
from ml.frames import pack, unpack


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
    assert list(unpack(pack(message, message), kind)) == [message, message]


def test_an_array_keeps_its_numbers_its_shape_and_its_type():
    array = np.random.default_rng(0).normal(size=(2, 3)).astype("float32")
    back = events.Array.of(array.T).numpy()
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array.T)


@pytest.mark.parametrize("data", [b"\x00\x00", b"\x00\x00\x00\x09\x81"])
def test_what_is_no_whole_frame_is_a_decode_error(data):
    assert list(unpack(b"", events.Event)) == []
    with pytest.raises(msgspec.DecodeError):
        list(unpack(data, events.Event))
