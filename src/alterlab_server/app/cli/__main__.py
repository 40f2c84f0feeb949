"""`python -m alterlab_server.app.cli` is `alterlab`."""

from alterlab_server.app.cli import main

main()
