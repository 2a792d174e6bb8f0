"""Configuration by name."""

from __future__ import annotations

import os
from typing import Any, Mapping, Optional, Type, TypeVar, Union

from . import _raw
from ._methods import ConfigMethods
from ._values import Option, Text, option

#: Options that are maps, and the keys they stand for.
MAPS = {"public_keys": "public_key.", "public_key_files": "public_key_file.", "bind_hosts": "bind_host."}


class Config(ConfigMethods):
    """The names are the keys of docs/configuration.md. `check()` gives an offline report."""

    __slots__ = ("__weakref__", "_handle")

    def __init__(self, **options: Union[Option, Mapping[str, Option]]) -> None:
        self._handle = _raw.config_new()
        self.update(**options)

    def update(self, **options: Union[Option, Mapping[str, Option]]) -> None:
        """Sets several keys; `public_keys={id: pem}`, `public_key_files` and `bind_hosts` are maps."""
        for key, value in options.items():
            if key in MAPS and isinstance(value, Mapping):
                for name, one in value.items():
                    self.set(MAPS[key] + name, one)
            elif not isinstance(value, Mapping):
                self.set(key, value)
            else:
                raise TypeError(f"{key!r}: not a map; maps are {', '.join(MAPS)}")

    def set(self, key: Text, value: Option) -> None:
        """Sets one key. Replaces an earlier value; None and "" unset; the order never matters."""
        _raw.config_set(self._handle, key, option(key, value))


C = TypeVar("C", bound="FromConfig")


class FromConfig:
    """Other ways to make a client."""

    def __init__(self, config: Optional[Config] = None) -> None:
        raise NotImplementedError

    def __deepcopy__(self: C, memo: object) -> C:
        """Itself, as of a module: `dataclasses.asdict` and the like meet it in settings."""
        return self

    @classmethod
    def from_env(cls: Type[C], prefix: str = "WXPAY_", **options: Any) -> C:
        """From environment variables, PREFIX + KEY; `options` come before them."""
        config = Config(**options)
        config.load_env(prefix)
        return cls(config)

    @classmethod
    def from_json(cls: Type[C], text: Text, **options: Any) -> C:
        """From a JSON object of keys; `options` replace its members."""
        config = Config()
        config.load_json(text)
        config.update(**options)
        return cls(config)

    @classmethod
    def from_file(cls: Type[C], path: Union[str, os.PathLike[str]], **options: Any) -> C:
        """From a file with such an object."""
        with open(path, "rb") as file:
            return cls.from_json(file.read(), **options)
