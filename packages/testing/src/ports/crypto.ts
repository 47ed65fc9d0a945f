import assert from "node:assert/strict";
import { fromHex, toHex, utf8 } from "@mh/core/ports/bytes.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Suite } from "./suite.ts";

export const cryptoSuite: Suite<Crypto> = {
  "SHA-256 is that of FIPS 180-4, as hex and as bytes"(crypto) {
    const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert.equal(crypto.sha256Hex("abc"), abc);
    assert.equal(crypto.sha256Hex(utf8.encode("abc")), abc);
    assert.equal(toHex(crypto.sha256(utf8.encode("abc"))), abc);
  },
  "HMAC is that of RFC 4231, case 2"(crypto) {
    const expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    assert.equal(crypto.hmacHex(utf8.encode("Jefe"), "what do ya want for nothing?"), expected);
  },
  "signatures are those of RFC 8032, test 2, and hold for nothing else"(crypto) {
    const seed = fromHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    const key = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    const signature =
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    const message = Uint8Array.of(0x72);
    assert.equal(toHex(crypto.publicKey(seed)), key);
    assert.equal(toHex(crypto.sign(seed, message)), signature);
    assert.equal(crypto.verify(fromHex(key), message, fromHex(signature)), true);
    assert.equal(crypto.verify(fromHex(key), Uint8Array.of(0x73), fromHex(signature)), false);
  },
  "ids are UUIDs of version 7, each later than the one before"(crypto) {
    const ids = Array.from({ length: 2000 }, () => crypto.id());
    assert.deepEqual([...new Set(ids)].sort(), ids);
    for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  },
  "random bytes are as many as wanted, and others each time"(crypto) {
    assert.equal(crypto.random(32).length, 32);
    assert.notEqual(toHex(crypto.random(32)), toHex(crypto.random(32)));
  },
};
