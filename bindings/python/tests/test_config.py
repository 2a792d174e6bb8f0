"""Configuration: keyword arguments, environment, JSON."""

import json
from pathlib import Path

import pytest
from conftest import python

import libwxpay
from libwxpay import Client, Config


def test_values(sim):
    options = sim.options(timeout_ms=5000, trust_env=False, shared=True)
    options["private_key_file"] = Path(options["private_key_file"])
    options["api_v3_key"] = [options["api_v3_key"], "k" * 32]
    with Client(**options) as client:
        assert client.info()["mchid"] == sim.mchid


def test_maps(sim):
    options = sim.options()
    pem = Path(options.pop("public_key_file")).read_text()
    key_id = options.pop("public_key_id")
    host = {"api.mch.weixin.qq.com": "127.0.0.1:1"}
    keys = json.dumps(Client(public_keys={key_id: pem}, bind_hosts=host, **options).info()["keys"])
    assert key_id in keys
    assert Client(public_key_files={key_id: sim.merchant["public_key_file"]}, **options).info()


def test_none_and_empty_unset(sim):
    assert Client(**sim.options(proxy=None, user_agent="")).info()


def test_a_typing_mistake_is_found(sim):
    with pytest.raises(libwxpay.UsageError, match="nearest is mchid"):
        Client(**sim.options(mchids="1"))


def test_a_check_makes_no_client(sim):
    config = Config(**sim.options())
    assert config.check()["schema"] == 1
    with pytest.raises(libwxpay.UsageError):
        config.set("mchid", "not an id!")
    assert Config().check()["status"] != 0
    assert Client(config).info()["mchid"] == sim.mchid


def test_json_and_files(sim):
    text = sim.merchant_json.read_text()
    for client in (
        Client.from_json(text, extra_ca_file=sim.ca),
        Client.from_json(text.encode(), timeout_ms=1000),
        Client.from_file(sim.merchant_json),
        libwxpay.AsyncClient.from_file(str(sim.merchant_json))._blocking,
    ):
        assert client.info()["mchid"] == sim.mchid
    with pytest.raises(libwxpay.WxPayError) as caught:
        Client.from_json("{")
    assert caught.value.status_name == "MALFORMED_JSON"


def test_the_environment(sim):
    env = {"SHOP_" + key.upper(): value for key, value in sim.options().items()}
    done = python(
        "import libwxpay, sys; print(libwxpay.Client.from_env('SHOP_').info()['mchid'], end='')",
        **env,
    )
    assert (done.stdout, done.stderr) == (sim.mchid, "")
    # What is given comes before the environment; WXPAY_LIBRARY is no configuration key.
    done = python(
        "import libwxpay; print(libwxpay.Client.from_env(user_agent='mine/1').prepare('GET', '/v3/x').headers['User-Agent'])",
        **{"WXPAY_" + key.upper(): value for key, value in sim.options(user_agent="env/1").items()},
    )
    assert (done.stdout, done.stderr) == ("mine/1\n", "")
