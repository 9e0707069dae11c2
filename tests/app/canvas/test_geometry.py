"""Where ports and links lie, and what a point hits."""

from PySide6.QtCore import QPointF

from app.canvas.geometry import HEIGHT, WIDTH, Box, Hit, bent, hit, is_near, link_path, width_for

ADD = Box("add", 0, 0, WIDTH, HEIGHT, inputs=3, outputs=1)
BELOW = Box("dense", 0, 200, WIDTH, HEIGHT, inputs=1, outputs=1)


def test_ports_lie_on_the_edges_side_by_side_about_the_middle():
    points = [ADD.input(index) for index in range(3)]
    assert [point.y() for point in points] == [-HEIGHT / 2] * 3
    assert points[0].x() < points[1].x() == 0 < points[2].x() == -points[0].x()
    assert ADD.output(0) == QPointF(0, HEIGHT / 2)


def test_a_card_grows_with_its_ports():
    assert width_for(1, 1) == WIDTH
    wide = Box("concat", 0, 0, width_for(20, 1), HEIGHT, 20, 1)
    assert wide.rect.contains(wide.input(19) + QPointF(0, 1))


def test_the_nearest_port_is_hit_before_the_card():
    assert hit(ADD.input(2) + QPointF(2, 3), [ADD]) == Hit("input", "add", 2)
    assert hit(ADD.output(0), [ADD, BELOW]) == Hit("output", "add", 0)
    assert hit(QPointF(0, 5), [ADD]) == Hit("node", "add")


def test_without_reach_there_are_no_ports_to_hit():
    assert hit(ADD.input(0) + QPointF(0, 2), [ADD], reach=0) == Hit("node", "add")


def test_a_link_is_hit_near_its_line_and_not_beside_it():
    path = link_path(ADD.output(0), BELOW.input(0))
    assert hit(QPointF(3, 100), [ADD, BELOW], [("dense", 0, path)]) == Hit("link", "dense", 0)
    assert hit(QPointF(30, 100), [ADD, BELOW], [("dense", 0, path)]) == Hit()


def test_a_bent_link_is_not_hit_in_its_hollow():
    path = link_path(QPointF(0, 0), QPointF(0, 600), [QPointF(300, 300)])
    assert is_near(QPointF(300, 300), path, 5)
    assert not is_near(QPointF(150, 300), path, 5)


def test_a_link_begins_and_ends_at_its_ports_also_upwards():
    for end in (QPointF(50, 300), QPointF(50, -300)):
        path = link_path(QPointF(0, 0), end)
        assert path.pointAtPercent(0) == QPointF(0, 0) and path.currentPosition() == end


def test_waypoints_follow_ends_that_move_alike_and_go_when_they_are_passed():
    start, end = QPointF(0, 0), QPointF(0, 600)
    shift = QPointF(40, 10)
    assert bent([(300, 300)], (start, start + shift), (end, end + shift)) == [QPointF(340, 310)]
    assert bent([(300, 300)], (start, start), (end, QPointF(0, 100))) == []


def test_ports_that_need_no_link_stand_aside_so_that_the_main_line_is_straight():
    norm = Box("norm", 0, 0, WIDTH, HEIGHT, inputs=2, outputs=1, spare=1)
    assert norm.input(0).x() == 0 == norm.output(0).x() and norm.input(1).x() > 0
    right = Box("norm", 0, 0, WIDTH, HEIGHT, inputs=2, outputs=1, flow="right", spare=1)
    assert right.input(0).y() == 0 and 0 < right.input(1).y() < HEIGHT / 2


def test_where_the_card_has_no_room_aside_all_ports_share_it_evenly():
    crowded = Box("many", 0, 0, WIDTH, HEIGHT, inputs=8, outputs=1, spare=7)
    assert crowded.input(0).x() == -crowded.input(7).x()
