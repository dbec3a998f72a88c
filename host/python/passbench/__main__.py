"""``python -m passbench`` and the command ``passbench`` of an installed package: the program that it carries."""

from __future__ import annotations

import os
import sys

from passbench._programs import program


def main() -> None:
    """Become the passbench program; does not return."""
    path = program("passbench")
    os.execv(path, [path, *sys.argv[1:]])


if __name__ == "__main__":
    main()
