"""What a test starts in a folder of its own; both end with it."""

import shutil
import tempfile
from pathlib import Path
from typing import Self


class Fixture:
    """For a `with`. A folder that was given stays, to be looked at or started in again."""

    def __init__(self, name: str, folder: Path | None) -> None:
        self._owns_folder = folder is None
        self.folder = Path(folder or tempfile.mkdtemp(prefix=f"broadsheet-{name}-"))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self._owns_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> Self:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError
