"""The voice model is a folder that can be replaced: its features, its file and its thresholds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from casefile.errors import ModelError
from transcribe.embedding import SHIPPED, VoiceModel, read_about, voice_model
from transcribe.embedding_features import features, kaldi_filters, slaney_filters
from transcribe.sound import RATE, Array

TOML = """
name = "means of bands"
onnx = "means.onnx"
[features]
kind = "kaldi_fbank"
bands = 80
[window]
length_s = 1.5
shortest_s = 0.5
hop_s = 0.5
hop_long_s = 0.75
[grouping]
apart = 0.6
alike = 0.7
known_alike = 0.7
alike_told = 0.8
alike_exact = 0.8
switch = 1.0
[samples]
accept = 0.5
margin = 0.1
"""


def noise(seconds: float, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(0, 0.1, round(seconds * RATE)).astype(np.float32)


# --- a tiny ONNX file, written by hand: the mean over time of every band ----------------------


def _field(number: int, value: bytes | int | str) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    raw = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(raw)) + raw


def _varint(value: int) -> bytes:
    made = bytearray()
    while True:
        value, low = value >> 7, value & 127
        made.append(low | (128 if value else 0))
        if not value:
            return bytes(made)


def _tensor(name: str, *dims: int | str) -> bytes:
    shape = b"".join(_field(1, _field(2 if isinstance(d, str) else 1, d)) for d in dims)
    return _field(1, name) + _field(2, _field(1, _field(1, 1) + _field(2, shape)))


def mean_model(bands: int) -> bytes:
    """Return an ONNX model that reads [windows, rows, bands] float32 and gives [windows, bands]."""
    axes = _field(1, "axes") + _field(8, 1) + _field(20, 7)
    keep = _field(1, "keepdims") + _field(3, 0) + _field(20, 2)
    node = _field(1, "feats") + _field(2, "embs") + _field(4, "ReduceMean") + _field(5, axes) + _field(5, keep)
    graph = (
        _field(1, node)
        + _field(2, "g")
        + _field(11, _tensor("feats", "windows", "rows", bands))
        + _field(12, _tensor("embs", "windows", bands))
    )
    return _field(1, 8) + _field(7, graph) + _field(8, _field(2, 17))


@pytest.fixture
def dropped_in(tmp_path: Path) -> Path:
    """Return a folder with a model of another kind, as a parent would drop it in."""
    (tmp_path / "model.toml").write_text(TOML)
    (tmp_path / "means.onnx").write_bytes(mean_model(80))
    return tmp_path


# --- features ---------------------------------------------------------------------------------


def slow_fbank(sound: Array, row: int) -> np.ndarray:
    """Return one row of Kaldi's filter bank, straight from its description, with plain loops."""
    frame = sound[row * 160 : row * 160 + 400].astype(np.float64) * 32768
    frame = frame - frame.mean()
    frame = np.array([frame[0] * 0.03] + [frame[i] - 0.97 * frame[i - 1] for i in range(1, 400)])
    frame *= np.array([(0.5 - 0.5 * np.cos(2 * np.pi * i / 399)) ** 0.85 for i in range(400)])
    power = np.abs(np.fft.fft(np.concatenate([frame, np.zeros(112)]))[:256]) ** 2
    mel = lambda hz: 1127 * np.log(1 + hz / 700)  # noqa: E731
    edges = np.linspace(mel(20), mel(8000), 82)
    energies = []
    for band in range(80):
        left, centre, right = edges[band : band + 3]
        total = 0.0
        for k in range(256):
            m = mel(k * 16000 / 512)
            if left < m < right:
                total += power[k] * ((m - left) / (centre - left) if m <= centre else (right - m) / (right - centre))
        energies.append(np.log(max(total, np.finfo(np.float32).eps)))
    return np.array(energies)


def test_fbank_is_kaldis() -> None:
    sound = noise(1.0)
    made = features(sound, "kaldi_fbank", 80)
    assert made.shape == (100, 80)
    for row in (0, 37, 97):
        assert made[row] == pytest.approx(slow_fbank(sound, row), abs=2e-3)


def test_a_tone_stands_in_its_band() -> None:
    tone = np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE).astype(np.float32)
    low, high = (features(tone, kind, bands)[50].argmax() for kind, bands in (("mel_power", 40), ("kaldi_fbank", 80)))
    assert slaney_filters(40)[:, low].argmax() * RATE / 400 == pytest.approx(1000, abs=60)
    assert kaldi_filters(80)[:, high].argmax() * RATE / 512 == pytest.approx(1000, abs=60)


def test_features_made_in_blocks_are_those_made_at_once() -> None:
    sound = noise(25.0)
    whole, cut = features(sound, "mel_power", 40), features(sound[: 11 * RATE], "mel_power", 40)
    assert np.abs(whole[:1090] - cut[:1090]).max() < 1e-6 * whole.max()


# --- the model that comes along ---------------------------------------------------------------


def test_a_vector_does_not_depend_on_what_stands_around_the_window() -> None:
    model, sound = voice_model(), noise(130.0)
    alone = model.embed(sound[98 * RATE : 104 * RATE], [(2.0, 1.6)])[0]
    among = model.embed(sound, [(1.0, 1.6), (50.0, 0.8), (99.0, 1.6), (100.0, 1.6), (128.4, 1.6)])
    assert among.shape == (5, 256)
    assert np.linalg.norm(among, axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    assert float(alone @ among[3]) > 0.999999
    assert float(among[0] @ among[1]) < 0.9999


def test_level_makes_no_other_voice() -> None:
    model, sound = voice_model(), noise(2.0)
    loud, quiet = model.embed(sound, [(0.2, 1.6)])[0], model.embed(sound * np.float32(0.01), [(0.2, 1.6)])[0]
    assert float(loud @ quiet) > 0.9999


def test_the_model_that_comes_along_is_whole_and_licensed() -> None:
    model = voice_model()
    assert model.fingerprint == read_about(SHIPPED).sha256
    assert "Apache License" in (SHIPPED / "LICENSE-Resemblyzer.txt").read_text()
    assert "Resemblyzer" in (SHIPPED / "MODEL.md").read_text()


# --- another in its place ---------------------------------------------------------------------


def test_another_model_is_dropped_in_by_its_folder(dropped_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_SPEAKER_MODEL", str(dropped_in))
    model, sound = voice_model(), noise(3.0)
    assert model.about.name == "means of bands"
    rows = features(sound, "kaldi_fbank", 80)[50:200]
    (made,) = model.embed(sound, [(0.5, 1.5)])
    assert made.shape == (80,)
    # its means over the window were taken out before, so the model sees nothing but rounding
    assert np.abs((rows - rows.mean(axis=0)).mean(axis=0)).max() < 1e-4
    assert np.linalg.norm(made) == pytest.approx(1.0, abs=1e-4)


def test_a_dropped_in_model_tells_two_sounds_apart(dropped_in: Path) -> None:
    # bands' means are taken out, so feed it through its own interface without them: the ONNX part alone
    model = VoiceModel(dropped_in)
    low, high = np.zeros((1, 150, 80), np.float32), np.zeros((1, 150, 80), np.float32)
    low[..., :40], high[..., 40:] = 1.0, 1.0
    vectors = np.concatenate([model._run(low), model._run(high)])
    assert vectors[0, :40].tolist() == [1.0] * 40
    assert float(vectors[0] @ vectors[1]) == 0.0


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda d: (d / "means.onnx").write_bytes(b"not a model"), "cannot be opened"),
        (lambda d: (d / "means.onnx").unlink(), "is not there"),
        (lambda d: (d / "means.onnx").write_bytes(mean_model(64)), "reads"),
        (lambda d: (d / "model.toml").write_text(TOML.replace("bands = 80", 'bands = "many"')), "bands"),
        (lambda d: (d / "model.toml").write_text('sha256 = "' + "0" * 64 + '"\n' + TOML), "damaged"),
        (lambda d: (d / "model.toml").unlink(), "model.toml"),
    ],
)
def test_a_model_that_does_not_fit_says_what_is_wrong(dropped_in: Path, spoil, told: str) -> None:  # type: ignore[no-untyped-def]
    spoil(dropped_in)
    with pytest.raises(ModelError) as refused:
        VoiceModel(dropped_in)
    assert told in refused.value.what
    assert refused.value.next_step
