# The targets are the steps of CI: what passes here passes there.
.PHONY: demo journeys test header gen vectors dist verify-dist install bench clean
.PHONY: abi deny dist-check promises release

# The main job, from C, against a WeChat Pay on this machine.
demo:
	@sh scripts/demo.sh

# The same from C, C++, PHP, Python and C#: one line each.
journeys:
	@sh scripts/journeys.sh

# Everything that is checked.
test:
	@sh scripts/test.sh

# Rewrites include/wxpay.h from src/ffi and what is generated from it.
header gen:
	WXPAY_BLESS=1 cargo test --quiet --locked -p libwxpay --features header --test header
	cargo run --quiet --locked -p wxpay-gen
	WXPAY_BLESS=1 cargo test --quiet --locked -p libwxpay --features header --test suite docs

# Makes the keys and vectors of bindings/conformance anew, with the openssl command.
vectors:
	@sh scripts/vectors.sh

# What is shipped, into target/dist: tarball, wheel, NuGet and Composer packages, SHA256SUMS, SBOM.
dist:
	@sh scripts/dist.sh

# Checks what make dist made, or what was downloaded: make verify-dist DIST=directory
verify-dist:
	@sh scripts/dist/verify.sh "$(or $(DIST),$(or $(CARGO_TARGET_DIR),target)/dist)"

# Library, headers, pkg-config and CMake files: make install PREFIX=/usr/local [DESTDIR=…]
PREFIX ?= /usr/local
install:
	@sh scripts/install.sh "$(PREFIX)" "$(DESTDIR)"

# Against bare primitives and what each language uses today; writes docs/benchmarks.md and its plot. make bench WORDS="b php"
bench:
	@sh scripts/bench.sh $(WORDS)
	@sh scripts/bench-scan.sh

# Merchants in C, Python and PHP-FPM against a simulator that fails on purpose: make soak T=seconds (600).
.PHONY: soak fuzz fuzz-prove
soak:
	@sh scripts/soak.sh "$(or $(T),600)"

# Coverage-guided fuzzing, T seconds (60) for each target; `make fuzz-prove` shows that it finds what is planted.
fuzz:
	@sh scripts/fuzz.sh "$(or $(T),60)"
fuzz-prove:
	@sh scripts/fuzz.sh --prove

# The interface of the released versions, by abidiff; old programs with the new library, and the reverse.
abi:
	@sh scripts/abi.sh
	@env -u SSL_CERT_FILE -u SSL_CERT_DIR cargo build --quiet --locked -p libwxpay --features header
	@env -u SSL_CERT_FILE -u SSL_CERT_DIR cargo test --quiet --locked -p libwxpay --features header --test suite abi

# Licences, bans, sources and advisories, by cargo-deny.
deny:
	@sh scripts/deny.sh

# Two builds in unlike surroundings: the same bytes, or the first file that differs.
dist-check:
	@sh scripts/dist/twice.sh

# Every test that docs/security.md names, by its rules.
promises:
	@sh scripts/promises.sh

# What is published: make release KEY=file, from a clean checkout of the tag.
release:
	@sh scripts/dist/release.sh "$(KEY)"

# C and C++ under sanitizers, valgrind, threads and forks, the long runs too; prints a table.
.PHONY: sanitize
sanitize:
	@sh scripts/sanitize.sh

clean:
	cargo clean
