"""``python -m uln_client`` is ``uln``."""

from uln_client.cli import main

if __name__ == "__main__":
    main()
