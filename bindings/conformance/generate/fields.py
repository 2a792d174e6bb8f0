"""Sensitive values inside a JSON body, by pointer: which bytes change, and that nothing else does."""

from case import WECHAT_ID, Cases, Raw, file, signed_headers, value
from tools import NOW, oaep, serial

PLACE = "<ciphertext>"


def encrypt_cases(c):
    def encrypt(identity, body, pointers, plaintexts=None, sealed=None, status=0, client="merchant", key_id=WECHAT_ID, private="wechat_key.pem"):
        """`sealed` is the body with PLACE for each value."""
        given = {"client": client, "url": "/v3/applyment4sub/applyment/", "body": value(body), "pointers": value(pointers), "private_key": file(private)}
        want = None if status else {"body": sealed, "plaintexts": "\n".join(plaintexts), "serial": key_id}
        c.add(identity, "encrypt_fields", given, want, status)

    body = '{"name":"张三","id_card":"110101199003070000","amount":1.10}'
    encrypt("one", body, "/name", ["张三"], body.replace("张三", PLACE))
    encrypt("two", body, "/name\n/id_card", ["张三", "110101199003070000"], body.replace("张三", PLACE).replace("110101199003070000", PLACE))
    encrypt("two-in-another-order", body, "/id_card\n/name", ["张三", "110101199003070000"], body.replace("张三", PLACE).replace("110101199003070000", PLACE))
    encrypt("line-ends-of-windows", body, "/name\r\n/id_card\r\n", ["张三", "110101199003070000"], body.replace("张三", PLACE).replace("110101199003070000", PLACE))
    deep = '{"a":{"b":[{"c":"x"},{"c":"y"}]},"list":["p","q"]}'
    encrypt("every-element", deep, "/a/b/*/c", ["x", "y"], '{"a":{"b":[{"c":"<ciphertext>"},{"c":"<ciphertext>"}]},"list":["p","q"]}')
    encrypt("an-element-by-number", deep, "/a/b/1/c\n/list/0", ["y", "p"], '{"a":{"b":[{"c":"x"},{"c":"<ciphertext>"}]},"list":["<ciphertext>","q"]}')
    odd = '{ "n" : 1.10 ,\n"e":1e400,"t":"\\u4e2d\\/",\t"name" : "a" , "m":[ 1 ,2.0]}'
    encrypt("all-else-stays", odd, "/name", ["a"], odd.replace('"a"', f'"{PLACE}"'))
    encrypt("escapes", '{"name":"\\u5f20\\u4e09\\n\\"\\ud83d\\ude00"}', "/name", ['张三\n"😀'], '{"name":"<ciphertext>"}')
    encrypt("names-with-slash-and-tilde", '{"a/b":"x","c~d":"y"}', "/a~1b\n/c~0d", ["x", "y"], '{"a/b":"<ciphertext>","c~d":"<ciphertext>"}')
    encrypt("chinese-name", '{"姓名":"x"}', "/姓名", ["x"], '{"姓名":"<ciphertext>"}')
    encrypt("name-by-escape", '{"n\\u0061me":"x"}', "/name", ["x"], '{"n\\u0061me":"<ciphertext>"}')
    encrypt("empty-name", '{"":"x"}', "/", ["x"], '{"":"<ciphertext>"}')
    encrypt("optional-and-there", body, "/name?", ["张三"], body.replace("张三", PLACE))
    encrypt("optional-and-absent", body, "/name\n/absent?", ["张三"], body.replace("张三", PLACE))
    encrypt("optional-null-and-empty", '{"a":null,"b":"","c":"x"}', "/a?\n/b?\n/c", ["x"], '{"a":null,"b":"","c":"<ciphertext>"}')
    encrypt("twice-beside-the-path", '{"x":{"a":1,"a":2},"name":"n"}', "/name", ["n"], '{"x":{"a":1,"a":2},"name":"<ciphertext>"}')
    encrypt("longest", '{"a":"' + "x" * 214 + '"}', "/a", ["x" * 214], '{"a":"<ciphertext>"}')
    encrypt("second-public-key-is-not-chosen", '{"a":"x"}', "/a", ["x"], '{"a":"<ciphertext>"}', client="rotation")
    newest = serial("platform_next_cert.pem")
    encrypt("newest-certificate", '{"a":"x"}', "/a", ["x"], '{"a":"<ciphertext>"}', client="platform", key_id=newest, private="platform_next_key.pem")
    for name, (text, pointers) in {"absent": (body, "/absent"), "number": (body, "/amount"), "null": ('{"a":null}', "/a"), "empty-string": ('{"a":""}', "/a"),
                                   "object": ('{"a":{}}', "/a"), "array": ('{"a":[]}', "/a"), "true": ('{"a":true}', "/a"), "no-pointers": (body, ""), "no-slash": (body, "name"),
                                   "twice": (body, "/name\n/name"), "one-inside-another": ('{"a":{"b":"x"}}', "/a\n/a/b"), "behind-the-end": ('{"a":["x"]}', "/a/-"),
                                   "number-too-high": ('{"a":["x"]}', "/a/1"), "number-with-a-zero": ('{"a":["x"]}', "/a/00"), "star-of-an-object": ('{"a":{"b":"x"}}', "/a/*"),
                                   "a-star-and-a-number": ('{"a":["x"]}', "/a/*\n/a/0"), "a-name-twice": ('{"a":"x","a":"y"}', "/a"),
                                   "a-name-twice-on-the-path": ('{"a":{"b":"x"},"a":{}}', "/a/b"), "wrong-tilde": (body, "/a~2"), "one-of-two-is-absent": (body, "/name\n/absent"),
                                   "star-and-one-is-null": ('{"a":["x",null]}', "/a/*"), "star-of-an-empty-array": ('{"a":[]}', "/a/*")}.items():
        encrypt(f"refused-{name}", text, pointers, status=100)
    encrypt("215-bytes", '{"a":"' + "x" * 215 + '"}', "/a", status=211)
    encrypt("257-pointers", "{}", "\n".join(f"/a{i}?" for i in range(257)), status=105)
    encrypt("pointer-too-deep", "{}", "/a" * 65, status=105)
    for name, text in {"not-json": "a=1", "empty": "", "cut": '{"a":"x"', "two-values": '{"a":"x"}{}', "nothing-behind-a-comma": '{"a":"x",}'}.items():
        encrypt(f"body-{name}", text, "/a", status=420)
    encrypt("body-not-utf-8", Raw(hex=b'{"a":"\xff"}'.hex()), "/a", status=420)
    encrypt("pointers-not-utf-8", body, Raw(hex="2fff"), status=102)
    encrypt("no-key-yet", body, "/name", status=410, client="auto")


def decrypt_cases(c):
    def decrypt(identity, body, pointers, plain=None, status=0, client="merchant", headers=None):
        body = body.encode() if isinstance(body, str) else body
        given = {"client": client, "method": "GET", "url": "/v3/x", "body": "", "pointers": value(pointers),
                 "response": {"status": 200, "headers": signed_headers(body) if headers is None else headers, "body": value(body)}}
        c.add(identity, "decrypt_fields", given, None if status else {"json": plain}, status, NOW)

    sealed = oaep("merchant_public.pem", "张三".encode())
    body = '{"name":"%s","amount":1.10}' % sealed
    decrypt("one", body, "/name", '{"name":"张三","amount":1.10}')
    both = '{ "a":[{"b":"%s"},{"b":"%s"}] , "n":1e400}' % (sealed, oaep("merchant_public.pem", b'quote " and\n'))
    decrypt("every-element", both, "/a/*/b", '{ "a":[{"b":"张三"},{"b":"quote \\" and\\n"}] , "n":1e400}')
    decrypt("slashes-by-escape", body.replace("/", "\\/"), "/name", '{"name":"张三","amount":1.10}')
    decrypt("optional-and-absent", body, "/name\n/absent?", '{"name":"张三","amount":1.10}')
    decrypt("plaintext-already", '{"name":"张三"}', "/name", status=210)
    decrypt("of-another-key", '{"name":"%s"}' % oaep("other_merchant_public.pem", b"x"), "/name", status=210)
    decrypt("second-of-two-does-not-open", '{"a":"%s","b":"x"}' % sealed, "/a\n/b", status=210)
    decrypt("not-utf-8-inside", '{"a":"%s"}' % oaep("merchant_public.pem", b"\xff"), "/a", status=210)
    decrypt("absent", body, "/absent", status=100)
    decrypt("number", body, "/amount", status=100)
    decrypt("no-private-key", body, "/name", status=110, client="external")
    decrypt("not-verified", body, "/name", status=201, headers=signed_headers(b"another body"))


def cases():
    c = Cases("fields")
    encrypt_cases(c)
    decrypt_cases(c)
    return c
