"""The paper presets have as many weights as the papers say."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ml.catalog.proofs import trained_weights

GPT1 = {"vocabulary": 40478, "data.context": 512, "norm": "post"}
GPT2_MEDIUM = {"blocks": 24, "heads": 16, "width": 1024}
GPT3 = {"data.context": 2048, "blocks": 96, "heads": 96, "width": 12288}
VIT_L16 = {"blocks": 24, "heads": 16, "width": 1024, "hidden": 4096}


@pytest.mark.parametrize(
    ("template", "settings", "counts"),
    [
        ("logistic_regression", {}, {"model": 31}),
        ("mlp", {}, {"model": 669_706}),
        ("cnn", {}, {"model": 34_826}),
        ("vae", {}, {"encoder": 69_076, "decoder": 65_089}),
        ("dcgan", {}, {"generator": 3_576_704, "discriminator": 2_765_568}),
        ("vit", {}, {"model": 86_567_656}),
        ("vit", {"patch_size": 32}, {"model": 88_224_232}),
        ("vit", VIT_L16, {"model": 304_326_632}),
        ("gpt", GPT1, {"model": 116_534_784}),
        ("gpt", {}, {"model": 124_439_808}),
        ("gpt", GPT2_MEDIUM, {"model": 354_823_168}),
        ("gpt", GPT3, {"model": 174_604_259_328}),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_the_paper_preset_has_as_many_weights_as_the_paper(template: str, settings: dict[str, Any], counts: dict[str, int]) -> None:
    assert trained_weights(template, settings=settings) == counts
