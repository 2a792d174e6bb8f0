# The targets are the steps of CI: what passes here passes there.
.PHONY: demo test header gen bench clean

# The main job, from C, against a WeChat Pay on this machine.
demo:
	@sh scripts/demo.sh

# Everything that is checked.
test:
	@sh scripts/test.sh

# Rewrites include/wxpay.h from src/ffi and what is generated from it.
header gen:
	WXPAY_BLESS=1 cargo test --quiet --locked -p libwxpay --features header --test header
	cargo run --quiet --locked -p wxpay-gen
	WXPAY_BLESS=1 cargo test --quiet --locked -p libwxpay --features header --test suite docs

# Ratios against bare aws-lc-rs and libcurl; prints, never fails.
bench:
	@sh scripts/bench.sh

clean:
	cargo clean
