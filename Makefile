# The targets are the steps of CI: what passes here passes there.
.PHONY: demo journeys test header gen vectors dist verify-dist install bench clean sanitize

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

# Ratios against bare aws-lc-rs, libcurl and what other languages use; prints, never fails.
bench:
	@sh scripts/bench.sh
	@sh scripts/bench-bindings.sh
	@sh scripts/bench-scan.sh

# C and C++ under sanitizers, valgrind, threads and forks, the long runs too; prints a table.
sanitize:
	@sh scripts/sanitize.sh

clean:
	cargo clean
