// @ts-check
// The content of payloads. Encoded payloads are decoded in the page as far as a browser can (contract, last section);
// otherwise a note says why they cannot be shown.

import {dataKeys} from './cipher.js';
import {parseExact} from './json.js';
import {isObject} from './words.js';

/**
 * @typedef {object} Content
 * @property {any} [value] undefined if it cannot be shown
 * @property {string} [note] why it cannot be shown
 * @property {boolean} [isPatch]
 * @property {boolean} [pending] whether it is being decrypted
 */

/** Number of payloads to decrypt before the page draws again. */
const AT_A_TIME = 250;

/** Decodes payloads and caches the results. Fires `change` when contents become known. */
class Payloads extends EventTarget {
  /** @type {WeakMap<object, Content>} */
  #contents = new WeakMap();
  /** @type {any[]} */
  #waiting = [];
  #works = false;

  /** Grows with each change of the keys, as other contents may then be readable. */
  generation = 0;

  constructor() {
    super();
    dataKeys.addEventListener('change', () => {
      this.#contents = new WeakMap();
      this.generation++;
      this.dispatchEvent(new Event('change'));
    });
  }

  /**
   * The content of a payload, as far as it is known now.
   * @param {any} payload @returns {Content}
   */
  content(payload) {
    if (!isObject(payload)) {
      return {note: 'no payload'};
    } else if (!payload.encoding_options?.length) {
      return {value: payload.value, isPatch: payload.type === 'json_patch'};
    }
    let content = this.#contents.get(payload);
    if (!content) {
      const note = obstacle(payload);
      content = note ? unread(payload, note) : {note: 'Decrypting…', pending: true};
      this.#contents.set(payload, content);
      if (!note) {
        this.#waiting.push(payload);
        this.#work();
      }
    }
    return content;
  }

  async #work() {
    if (this.#works) {
      return;
    }
    this.#works = true;
    await null; // collects the payloads that the caller requests next
    while (this.#waiting.length) {
      const contents = this.#contents;
      const some = this.#waiting.splice(0, AT_A_TIME);
      const decoded = await Promise.all(some.map(decode));
      if (contents === this.#contents) {
        some.forEach((payload, i) => contents.set(payload, decoded[i]));
        this.dispatchEvent(new Event('change'));
      }
    }
    this.#works = false;
  }
}

export const payloads = new Payloads();

/** The reason why a payload cannot be decrypted; '' if there is none. @param {any} payload */
function obstacle({encoding_options: options, value}) {
  if (!Array.isArray(options)) {
    return 'Unknown encoding';
  }
  const unknown = options.find(option => !['encrypted', 'encrypted-partial', 'compressed', 'offloaded'].includes(option));
  if (unknown !== undefined) {
    return `Unknown encoding: ${JSON.stringify(unknown)}`;
  } else if (options.includes('offloaded')) {
    return 'Offloaded: the worker stored this value elsewhere, where the browser cannot fetch it';
  } else if (options.includes('compressed')) {
    return 'Compressed with zstd, which browsers cannot read. Use the Java client or "galerne tail"';
  } else if (!dataKeys.isSet && (options.includes('encrypted') || hasSecrets(value))) {
    return 'Encrypted: enter the data key under Keys';
  }
  return '';
}

/** @param {any} payload @returns {Promise<Content>} */
async function decode(payload) {
  const isPatch = payload.type === 'json_patch';
  try {
    let value = payload.value;
    for (const option of payload.encoding_options.toReversed()) {
      if (option === 'encrypted' && typeof value === 'string') {
        value = parseExact(await dataKeys.decrypt(value));
      } else {
        value = await withSecrets(value, isPatch);
      }
    }
    return {value, isPatch};
  } catch (error) {
    const reason = error instanceof SyntaxError || error instanceof DOMException ? 'it is damaged' : /** @type {Error} */ (error).message;
    return unread(payload, `Encrypted, cannot be read: ${reason}`);
  }
}

/** The content of a payload that cannot be decrypted. If only parts are encrypted, the others are shown. @param {any} payload @param {string} note @returns {Content} */
function unread({type, value, encoding_options: options}, note) {
  const inPart = type !== 'json_patch' && Array.isArray(options) && options.every(option => option === 'encrypted-partial');
  return inPart ? {value, note: note.replace(/^Encrypted/, 'Partly encrypted')} : {note};
}

/** Whether a value has encrypted members, or a patch has encrypted operations. @param {any} value @returns {boolean} */
function hasSecrets(value) {
  return Array.isArray(value)
    ? value.some(hasSecrets)
    : isObject(value) && (isSecret(value) || Object.values(value).some(hasSecrets));
}

/** @param {any} value */
function isSecret(value) {
  return (value.field_type === '__encrypted_str__' && typeof value.data === 'string')
    || (value.type === '__encrypted__' && typeof value.value === 'string');
}

/** Decrypts all encrypted parts of a value. @param {any} value @param {boolean} isPatch @returns {Promise<any>} */
async function withSecrets(value, isPatch) {
  if (Array.isArray(value)) {
    return Promise.all(value.map(part => withSecrets(part, isPatch)));
  } else if (!isObject(value)) {
    return value;
  } else if (value.field_type === '__encrypted_str__' && typeof value.data === 'string') {
    return dataKeys.decrypt(value.data);
  } else if (isPatch && value.type === '__encrypted__' && typeof value.value === 'string') {
    return parseExact(await dataKeys.decrypt(value.value));
  }
  const names = Object.keys(value);
  const parts = await Promise.all(names.map(name => withSecrets(value[name], isPatch)));
  return Object.fromEntries(names.map((name, i) => [name, parts[i]]));
}
