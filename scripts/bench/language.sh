# Sourced by scripts/bench.sh: sections (a) and (b).
