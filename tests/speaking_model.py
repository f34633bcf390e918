"""A Whisper model made on the spot that always says the same: real files for the real library, no download.

Its attention is zero, so what it says next depends on nothing but what it said last. Every window of 30
seconds begins anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

SAYS = ((0.0, "こんばんは。", 2.0), (2.02, "髙橋です📻", 4.0))
LANGUAGES = ("en", "ja", "fr")
_WIDTH = 16
_ORDINARY = 50257
"""Whisper's special tokens begin here; faster-whisper takes what is below for words."""


def a_speaking_model(
    folder: Path, *, says: Sequence[tuple[float, str, float]] = SAYS, english_only: bool = False
) -> Path:
    """Write the model's folder: weights, configuration, vocabulary, tokenizer."""
    import numpy as np  # noqa: PLC0415 - only where the extra is installed
    from ctranslate2.specs import WhisperSpec  # noqa: PLC0415 - same

    ordinary, special = _ordinary(says, english_only=english_only), _special()
    vocabulary = [*ordinary, *special]
    ids = {token: place for place, token in enumerate(vocabulary)}
    spec = WhisperSpec(1, 1, 1, 1)
    for layer in (*spec.encoder.layer, *spec.decoder.layer):
        _rest(layer.self_attention, (3 * _WIDTH, _WIDTH))
        _rest(layer.ffn, (_WIDTH, _WIDTH))
    _rest(spec.decoder.layer[0].attention, (_WIDTH, 2 * _WIDTH, _WIDTH))
    for convolution, channels in ((spec.encoder.conv1, 80), (spec.encoder.conv2, _WIDTH)):
        convolution.weight = np.zeros((_WIDTH, channels, 3), np.float32)
        convolution.bias = np.zeros(_WIDTH, np.float32)
    for part, positions in ((spec.encoder, 1500), (spec.decoder, 448)):
        part.position_encodings.encodings = np.zeros((positions, _WIDTH), np.float32)
        _even(part.layer_norm)
    knows = np.zeros((len(vocabulary), _WIDTH), np.float32)
    answers = np.zeros_like(knows)
    chain = ["<|startoftranscript|>" if english_only else "<|transcribe|>"]
    for start, words, end in says:
        chain += [f"<|{start:.2f}|>", _spelt(words), f"<|{end:.2f}|>"]
    for place, (token, following) in enumerate(zip(chain, [*chain[1:], "<|endoftext|>"], strict=True)):
        knows[ids[token], place] = 1
        answers[ids[following], place] = 20
    spec.decoder.embeddings.weight, spec.decoder.projection.weight = knows, answers
    spec.register_vocabulary(vocabulary)
    spec.config.suppress_ids = spec.config.suppress_ids_begin = []
    spec.config.alignment_heads = [[0, 0]]
    spec.config.lang_ids = [ids[f"<|{language}|>"] for language in LANGUAGES]
    spec.validate()
    spec.optimize()
    folder.mkdir(parents=True)
    spec.save(str(folder))
    _tokenizer(ordinary, special).save(str(folder / "tokenizer.json"))
    return folder


def _ordinary(says, *, english_only: bool) -> list[str]:
    from tokenizers.pre_tokenizers import ByteLevel  # noqa: PLC0415 - as above

    words = [*sorted(ByteLevel.alphabet()), *(_spelt(words) for _, words, _ in says)]
    # CTranslate2 takes a vocabulary with an empty word, which all but the English-only models have
    last = "<unused>" if english_only else ""
    return [*words, *(f"<unused{place}>" for place in range(_ORDINARY - 1 - len(words))), last]


def _special() -> list[str]:
    names = [
        *("endoftext", "startoftranscript", *LANGUAGES, "translate", "transcribe", "startoflm"),
        *("startofprev", "nospeech", "notimestamps", *(f"{place * 0.02:.2f}" for place in range(1501))),
    ]
    return [f"<|{name}|>" for name in names]


def _spelt(words: str) -> str:
    """Spell words as byte-level vocabularies do."""
    from tokenizers.pre_tokenizers import ByteLevel  # noqa: PLC0415 - as above

    return ByteLevel(add_prefix_space=False, use_regex=False).pre_tokenize_str(words)[0][0]


def _tokenizer(ordinary, special):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers  # noqa: PLC0415 - as above

    vocabulary = {token: place for place, token in enumerate(ordinary)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(special)
    return tokenizer


def _rest(layer, outputs) -> None:
    """Let a layer add nothing to what goes through it."""
    import numpy as np  # noqa: PLC0415 - as above

    _even(layer.layer_norm)
    linears = getattr(layer, "linear", None) or (layer.linear_0, layer.linear_1)
    for linear, width in zip(linears, outputs, strict=True):
        linear.weight = np.zeros((width, _WIDTH), np.float32)
        linear.bias = np.zeros(width, np.float32)


def _even(norm) -> None:
    import numpy as np  # noqa: PLC0415 - as above

    norm.gamma, norm.beta = np.ones(_WIDTH, np.float32), np.zeros(_WIDTH, np.float32)
