"""What is kept of what a submission shows, whatever it sends."""

import base64

from autograder.grading.running import plain_outputs


def stream(text):
    return {"output_type": "stream", "name": "stdout", "text": text}


def picture(content):
    return {"output_type": "display_data", "data": {"image/png": base64.b64encode(content).decode()}}


def test_text_and_pictures_are_kept_and_nothing_else():
    kept = plain_outputs([stream("a"), picture(b"\x89PNG"), picture(b"<svg>"), 5, None, {"output_type": "error"}])
    assert kept[0].text == "a" and "image/png" in kept[1].data and not kept[2].data and len(kept) == 3
    assert plain_outputs("no list") == plain_outputs(None) == []


def test_no_more_is_kept_than_there_is_room_for():
    assert [output.text for output in plain_outputs([stream("x" * 1000), stream("y" * 1000), stream("z")], 1500)] == [
        "x" * 1000
    ]
    assert len(plain_outputs([stream("")] * 1000, 5000)) == 50


def test_half_characters_are_replaced():
    assert plain_outputs([stream("\ud800a")])[0].text == "?a"
    shown = plain_outputs([{"output_type": "execute_result", "data": {"text/plain": "\udfff"}}])
    assert shown[0].data["text/plain"] == "?"
