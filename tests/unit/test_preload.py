"""What the fork server has loaded before the pool's processes come from it."""

from transforms.arabic.lexicon import load_lexicon
from transforms.arabic.statement_vocabulary import load_vocabulary
from transforms.preload import load_all


def test_another_text_reads_no_lexicon_anew():
    load_all()
    read = load_lexicon.cache_info().misses, load_vocabulary.cache_info().misses
    from transforms.work import tag_text

    tag_text("وزير: لن ننسحب", "قال الوزير في بيان إن الهدنة انهارت، وإن جيشه سيرد على كل خرق إذا لم تتوقف الهجمات.")
    assert (load_lexicon.cache_info().misses, load_vocabulary.cache_info().misses) == read
