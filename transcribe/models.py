"""Which speech models there are, which are on this computer, and the one to use. Never touches the network."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from casefile.errors import ModelError

MANIFEST = "onrecord-model.json"
NEEDED = ("model.bin", "config.json", "tokenizer.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownModel:
    """A model that can be fetched by its name."""

    name: str
    repository: str
    megabytes: int  # to fetch
    memory_mb: int  # while hearing, int8 on a processor
    width: int
    heads: int
    encoder_layers: int
    decoder_layers: int
    mels: int = 80
    about: str


# Best first. The repositories are those faster-whisper itself names.
KNOWN: tuple[KnownModel, ...] = (
    KnownModel(
        name="large-v3-turbo",
        repository="mobiuslabsgmbh/faster-whisper-large-v3-turbo",
        megabytes=1620,
        memory_mb=2600,
        width=1280,
        heads=20,
        encoder_layers=32,
        decoder_layers=4,
        mels=128,
        about="the best for meetings; for a computer of the last few years",
    ),
    KnownModel(
        name="distil-large-v3",
        repository="Systran/faster-distil-whisper-large-v3",
        megabytes=1520,
        memory_mb=2500,
        width=1280,
        heads=20,
        encoder_layers=32,
        decoder_layers=2,
        mels=128,
        about="English only, close to the best",
    ),
    KnownModel(
        name="large-v3",
        repository="Systran/faster-whisper-large-v3",
        megabytes=3090,
        memory_mb=4500,
        width=1280,
        heads=20,
        encoder_layers=32,
        decoder_layers=32,
        mels=128,
        about="slow without a graphics card, and not better for talk",
    ),
    KnownModel(
        name="medium.en",
        repository="Systran/faster-whisper-medium.en",
        megabytes=1530,
        memory_mb=2400,
        width=1024,
        heads=16,
        encoder_layers=24,
        decoder_layers=24,
        about="English only, good",
    ),
    KnownModel(
        name="small.en",
        repository="Systran/faster-whisper-small.en",
        megabytes=486,
        memory_mb=1100,
        width=768,
        heads=12,
        encoder_layers=12,
        decoder_layers=12,
        about="English only; a good start on an old laptop",
    ),
    KnownModel(
        name="small",
        repository="Systran/faster-whisper-small",
        megabytes=486,
        memory_mb=1100,
        width=768,
        heads=12,
        encoder_layers=12,
        decoder_layers=12,
        about="as small.en, other languages too",
    ),
    KnownModel(
        name="distil-small.en",
        repository="Systran/faster-distil-whisper-small.en",
        megabytes=336,
        memory_mb=900,
        width=768,
        heads=12,
        encoder_layers=12,
        decoder_layers=4,
        about="English only, faster than small.en",
    ),
    KnownModel(
        name="base.en",
        repository="Systran/faster-whisper-base.en",
        megabytes=148,
        memory_mb=600,
        width=512,
        heads=8,
        encoder_layers=6,
        decoder_layers=6,
        about="English only, for a very slow computer; misses much across a table",
    ),
    KnownModel(
        name="tiny.en",
        repository="Systran/faster-whisper-tiny.en",
        megabytes=78,
        memory_mb=450,
        width=384,
        heads=6,
        encoder_layers=4,
        decoder_layers=4,
        about="English only, for a try; misses more than it should",
    ),
)
ADVISED = "small.en"


def models_folder() -> Path:
    """Return the folder of the fetched models: ONRECORD_HOME/models, or below the user's own data folder."""
    home = os.environ.get("ONRECORD_HOME")
    if home:
        return Path(home).expanduser() / "models"
    import platformdirs

    return Path(platformdirs.user_data_dir("onrecord", appauthor=False)) / "models"


def offline() -> bool:
    """Tell whether the person forbade any use of the network (ONRECORD_OFFLINE=1)."""
    return os.environ.get("ONRECORD_OFFLINE", "") not in ("", "0")


def known(name: str) -> KnownModel | None:
    """Return the model of that name, None for one we do not know."""
    return next((m for m in KNOWN if m.name == name), None)


def installed(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of the whole models in `folder`, best first, those we do not know last."""
    root = folder or models_folder()
    there = {p.name for p in root.iterdir() if is_model(p)} if root.is_dir() else set()
    ranked = [m.name for m in KNOWN if m.name in there]
    return (*ranked, *sorted(there - set(ranked)))


def is_model(folder: Path) -> bool:
    """Tell whether a folder holds a whole model."""
    return folder.is_dir() and all((folder / name).is_file() for name in NEEDED)


def choose_model(wanted: str | None) -> Path:
    """Return the folder of the model to use: `wanted` (a path or a name), ONRECORD_MODEL, or the best one there is.

    Raises ModelError that says just what to do. Does not fetch.
    """
    asked = wanted or os.environ.get("ONRECORD_MODEL") or None
    if asked is None:
        there = installed()
        if not there:
            raise no_model()
        return models_folder() / there[0]
    path = Path(asked).expanduser()
    if path.is_dir():
        if not is_model(path):
            lacking = ", ".join(n for n in NEEDED if not (path / n).is_file())
            raise ModelError(
                f"{path} is no Whisper model for faster-whisper: {lacking} is missing.",
                next_step="Name a folder with a converted model (model.bin, config.json, tokenizer.json).",
            )
        return path
    if is_model(models_folder() / asked):
        return models_folder() / asked
    raise missing_model(asked)


def is_fetchable(name: str) -> bool:
    """Tell whether `name` is a model we know that is not here, and the network may be used."""
    here = Path(name).expanduser().is_dir() or is_model(models_folder() / name)
    return known(name) is not None and not here and not offline()


def no_model() -> ModelError:
    """Return the error for a computer without any model."""
    return ModelError(
        "There is no speech model on this computer yet.",
        next_step=f"Fetch one once with `onrecord models fetch {ADVISED}` "
        "(`onrecord models suit` tells which suits this computer)"
        + (", with ONRECORD_OFFLINE unset." if offline() else ", or pass --engine sphinx for a rough transcript."),
    )


def missing_model(name: str) -> ModelError:
    """Return the error for a model asked for by name that is not here."""
    if known(name) is None and ("/" in name or "\\" in name):
        return ModelError(f"There is no model folder {name}.", next_step="Check the path given for the speech model.")
    if known(name) is None:
        return ModelError(
            f"No speech model is called {name}.",
            next_step="Choose one of: " + ", ".join(m.name for m in KNOWN) + ".",
        )
    if offline():
        return ModelError(
            f"The speech model {name} is not on this computer, and ONRECORD_OFFLINE=1 forbids fetching it.",
            next_step=f"Unset ONRECORD_OFFLINE and run `onrecord models fetch {name}` once; or copy the model's folder "
            f"from another computer to {models_folder() / name}.",
        )
    return ModelError(
        f"The speech model {name} is not on this computer.", next_step=f"Run `onrecord models fetch {name}` once."
    )


def read_manifest(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of a fetched model; empty for a model that was copied here."""
    try:
        plain = json.loads((folder / MANIFEST).read_text("utf8"))
        return {str(k): str(v) for k, v in plain["files"].items()}
    except (OSError, ValueError, KeyError, AttributeError):
        return {}


def damaged_files(folder: Path) -> tuple[str, ...]:
    """Return the files of a fetched model that are not as they were fetched; reads all of them."""
    import hashlib

    wrong = []
    for name, sha256 in read_manifest(folder).items():
        try:
            with (folder / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    wrong.append(name)
        except OSError:
            wrong.append(name)
    return tuple(wrong)


def remove_model(name: str) -> int:
    """Delete a fetched model and return the bytes freed; raises ModelError where it is not here."""
    import shutil

    folder = models_folder() / name
    if name not in installed():
        raise ModelError(
            f"The model {name} is not on this computer.", next_step="`onrecord models list` shows what is."
        )
    size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    shutil.rmtree(folder)
    return size
