"""Every place is found in its `match` sentences and not in its `no_match` sentences."""

import pytest

from transforms.arabic.places import find_places, load_places, with_surroundings

CASES = [
    pytest.param(place.name, sentence, wanted, id=f"{place.name}{'+' if wanted else '-'}{sentence[:40]}")
    for place in load_places().values()
    for wanted, sentences in ((True, place.match), (False, place.no_match))
    for sentence in sentences
]


@pytest.mark.parametrize(("name", "sentence", "wanted"), CASES)
def test_place(name, sentence, wanted):
    assert (name in find_places(sentence)) is wanted


def test_every_place_lies_within_a_known_one_and_in_no_circle():
    for place in load_places().values():
        assert not place.within or place.within in load_places(), place.name
        assert len(with_surroundings([place.name])) <= 4


def test_no_name_stands_for_two_places():
    names = [name for place in load_places().values() for name in place.names]
    assert len(names) == len(set(names))


def test_clitics_are_peeled_and_hamza_is_evened_out():
    assert find_places("وبالقدس وللخرطوم وادلب وبـغَزّة") == ["Jerusalem", "Khartoum", "Idlib", "Gaza"]


def test_the_longest_name_wins_and_each_is_named_once():
    assert find_places("من جنوب السودان إلى السودان ثم جنوب السودان") == ["South Sudan", "Sudan"]


def test_surroundings_come_with_a_place():
    assert with_surroundings(["Rafah", "Gaza", "Tripoli"]) == ["Rafah", "Gaza", "Palestine", "Tripoli"]
