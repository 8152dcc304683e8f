"""What maintainers run: benchmark, notebook timing, recorded measurements. No part of the installed packages."""
