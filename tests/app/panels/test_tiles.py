import numpy as np

from app.panels.lenses.tiles import LEVELS, Spot, covers, gaze, shades, tiled


def maps(layers=2, heads=3, size=5):
    return [np.random.default_rng(layer).dirichlet(np.ones(size), (heads, size)) for layer in range(layers)]


def test_every_map_lies_whole_where_its_origin_says():
    layers = maps()
    tiles = tiled(layers, 1.0)
    for layer, scores in enumerate(layers):
        for head in range(3):
            top, left = tiles.origin(layer, head)
            assert np.array_equal(tiles.pixels[top : top + 5, left : left + 5], shades(scores[head], 1.0))


def test_a_point_is_found_in_the_map_that_lies_there():
    tiles = tiled(maps(), 1.0)
    top, left = tiles.origin(1, 2)
    assert tiles.find(left + 3.5, top + 4.5) == Spot(1, 2, 4, 3)


def test_between_two_maps_there_is_nothing():
    tiles = tiled(maps(), 1.0)
    assert tiles.find(5.5, 2) is None
    assert tiles.find(-1, 2) is None


def test_many_layers_go_across():
    tiles = tiled(maps(layers=6, heads=2), 1.0)
    assert tiles.layers_across
    assert tiles.find(*reversed(tiles.origin(5, 1))) == Spot(5, 1, 0, 0)


def test_layers_of_different_sizes_share_a_picture():
    tiles = tiled([np.ones((1, 2, 3)), np.ones((4, 6, 2))], 1.0)
    assert tiles.cell == (6, 3)
    assert tiles.find(0, 7) == Spot(1, 0, 0, 0)
    assert tiles.find(8, 0) is None, "layer 0 has one head only"


def test_the_scale_stays_when_the_weights_change():
    assert shades(np.array([0.0, 0.25, 1.0]), 1.0).tolist() == [1, 1 + LEVELS // 2, 1 + LEVELS]
    assert shades(np.array([0.25, 0.9]), 0.25).tolist() == [1 + LEVELS, 1 + LEVELS]


def test_what_a_patch_looks_at_leaves_the_class_token_out():
    scores = np.arange(25.0).reshape(1, 5, 5)
    assert gaze(scores, 2, (2, 2)).tolist() == [[[11, 12], [13, 14]]]
    assert covers(scores, (2, 2))
    assert not covers(scores, (3, 3))


def test_a_weight_that_is_no_number_has_the_colour_of_none():
    assert shades(np.array([np.nan, 0.0, 1.0]), 1.0).tolist() == [1, 1, 1 + LEVELS]
