// @ts-check
// Decrypts payloads in the page (contract, last section): AES-256-GCM, base64 of a 12-byte nonce, the
// ciphertext and its tag. Keys never leave the page.

const NONCE_BYTES = 12;

class DataKeys extends EventTarget {
  main = '';
  second = '';
  /** @type {CryptoKey[]} */
  #keys = [];

  get isSet() {
    return this.#keys.length > 0;
  }

  /**
   * @param {string} main in hexadecimal; '' for none
   * @param {string} second used if the first one fails
   * @throws {Error} if a key is invalid; the message says which and why
   */
  async use(main, second) {
    const keys = [];
    for (const [name, hex] of [['data key', main], ['second data key', second]]) {
      if (hex) {
        keys.push(await key(name, hex));
      }
    }
    this.#keys = keys;
    this.main = main;
    this.second = second;
    this.dispatchEvent(new Event('change'));
  }

  /** @param {string} base64 @returns {Promise<string>} @throws {Error} if no key matches */
  async decrypt(base64) {
    const bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0));
    for (const key of this.#keys) {
      try {
        const iv = bytes.subarray(0, NONCE_BYTES);
        const plain = await crypto.subtle.decrypt({name: 'AES-GCM', iv}, key, bytes.subarray(NONCE_BYTES));
        return new TextDecoder().decode(plain);
      } catch {
        // encrypted with another key
      }
    }
    throw new Error(this.isSet ? 'No data key matches' : 'A data key is required');
  }
}

/** @param {string} name @param {string} hex */
async function key(name, hex) {
  if (!/^[0-9a-f]{64}$/i.test(hex)) {
    throw new Error(`The ${name} must be 64 hexadecimal digits (256 bits); it has ${hex.length} characters`);
  }
  if (!globalThis.crypto?.subtle) {
    throw new Error('Browsers decrypt only on pages served over https or from localhost');
  }
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], pair => parseInt(pair, 16));
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['decrypt']);
}

export const dataKeys = new DataKeys();
