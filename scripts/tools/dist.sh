# Sourced by scripts/tools.sh and scripts/dist/portable.sh: what links the portable library.
venv dist-portable bindings/dist/portable.txt
