// @ts-check
// Requests to the server. The console uses only the public API.

const KEY = 'galerne-key';

/** A validation error of one parameter. @typedef {{loc: (string | number)[], msg: string}} Fault */

/** A response other than 2xx, or no response (status 0). */
export class ApiError extends Error {
  /** @param {number} status @param {string} message @param {string} [code] @param {Fault[]} [faults] of a 422 */
  constructor(status, message, code = '', faults = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.faults = faults;
  }
}

/**
 * Holds the API key until the tab is closed. The key is sent in a header only; it never appears in a URL, a log or local
 * storage. `refusal` is set while the server refuses requests because no key with read access was sent.
 */
class Session extends EventTarget {
  /** @type {ApiError | null} */
  refusal = null;

  get key() {
    return sessionStorage.getItem(KEY) ?? '';
  }

  /** @param {string} key '' removes it */
  use(key) {
    if (key) {
      sessionStorage.setItem(KEY, key);
    } else {
      sessionStorage.removeItem(KEY);
    }
    this.refusal = null;
    this.dispatchEvent(new Event('change'));
  }

  /** @param {ApiError} error a 401 or 403 */
  refused(error) {
    this.refusal = error;
    this.dispatchEvent(new Event('refused'));
  }

  /** @returns {Record<string, string>} */
  headers() {
    return this.key ? {authorization: `Bearer ${this.key}`} : {};
  }
}

export const session = new Session();

/** @typedef {Record<string, string | number | boolean | string[] | null | undefined>} Query */

/** The URL of an operation. Arrays repeat a parameter; empty values are omitted. @param {string} path @param {Query} [query] */
export function url(path, query = {}) {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== '') {
        params.append(name, String(one));
      }
    }
  }
  const text = params.toString();
  const relative = path.replace(/^\//, '') + (text ? `?${text}` : '');
  return new URL(relative, document.baseURI.replace(/[?#].*$/, '')).href;
}

/**
 * Sends a GET. If the key is refused, the session also asks for another one.
 * @param {string} path @param {Query} [query]
 * @param {{signal?: AbortSignal, headers?: Record<string, string>}} [options]
 * @returns {Promise<Response>} with status 2xx
 * @throws {ApiError} @throws {DOMException} `AbortError` if the signal is aborted
 */
export async function request(path, query = {}, {signal, headers = {}} = {}) {
  let response;
  try {
    response = await fetch(url(path, query), {
      headers: {...session.headers(), ...headers},
      cache: 'no-store',
      credentials: 'omit',
      signal,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') {
      throw error;
    }
    throw new ApiError(0, 'The server cannot be reached');
  }
  if (!response.ok) {
    throw await failure(response);
  }
  return response;
}

/** @param {Response} response */
async function failure(response) {
  const text = await response.text().catch(() => '');
  let message = `The server answered ${response.status}`;
  let code = '';
  /** @type {Fault[]} */
  let faults = [];
  try {
    const body = JSON.parse(text);
    code = body.code ?? '';
    faults = Array.isArray(body.detail) ? body.detail : [];
    message = faults.length ? faults.map(({loc, msg}) => `${loc?.slice(1).join('.')}: ${msg}`).join('; ') : (body.detail ?? message);
  } catch {
    // a proxy's error page: the status is enough
  }
  const error = new ApiError(response.status, message, code, faults);
  if (code && (response.status === 401 || response.status === 403)) { // a proxy's refusal has no code, and no key would help
    session.refused(error);
  }
  return error;
}

/** @param {string} path @param {Query} [query] @param {{signal?: AbortSignal}} [options] @returns {Promise<any>} parsed JSON */
export async function get(path, query, options) {
  return (await request(path, query, options)).json();
}

/** `/v1/workflows/executions/<id><rest>`. @param {string} id @param {string} [rest] */
export function executionPath(id, rest = '') {
  return `/v1/workflows/executions/${encodeURIComponent(id)}${rest}`;
}
