"""Puts the native library into the wheel and says what machine it is for."""

import os

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class LibraryHook(BuildHookInterface):
    """WXPAY_WHEEL_LIBRARY names the library, WXPAY_WHEEL_PLATFORM the tag that it has been shown to keep."""

    def initialize(self, version, build_data):
        library = os.environ.get("WXPAY_WHEEL_LIBRARY", "")
        if not os.path.isabs(library):
            raise ValueError("WXPAY_WHEEL_LIBRARY must be the absolute path of libwxpay.so; run make_wheel.sh")
        build_data["force_include"][library] = "libwxpay/libwxpay.so.0"
        build_data["tag"] = "py3-none-" + os.environ.get("WXPAY_WHEEL_PLATFORM", "manylinux_2_17_x86_64")
        build_data["pure_python"] = False
