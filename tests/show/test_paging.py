from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cityhall_fm.show.paging import in_pages


@given(st.integers(0, 400), st.integers(1, 90))
def test_every_item_is_on_one_page_in_its_order(count, size):
    pages = in_pages(range(count), size)
    assert [item for page in pages for item in page.items] == list(range(count))
    assert all(len(page.items) == size for page in pages[1:])
    assert len(pages[0].items) < 2 * size


@given(st.integers(1, 400), st.integers(1, 90))
def test_a_page_once_full_keeps_its_items_and_its_address(count, size):
    oldest_first = list(range(count + 1))
    now = {page.path: page.items for page in in_pages(oldest_first[:-1][::-1], size) if page.path}
    later = {page.path: page.items for page in in_pages(oldest_first[::-1], size)}
    assert now.items() <= later.items()


@given(st.integers(0, 400))
def test_pages_know_their_neighbours(count):
    pages = in_pages(range(count), 30)
    assert [page.newer for page in pages[1:]] == [page.path for page in pages[:-1]]
    assert [page.older for page in pages[:-1]] == [page.path for page in pages[1:]]
    assert pages[0].newer is pages[-1].older is None
    assert [(page.place, page.count) for page in pages] == [
        (place, len(pages)) for place in range(1, len(pages) + 1)
    ]
