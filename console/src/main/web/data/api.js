// @ts-check
// Requests to the server. Only operations of the contract are used: whatever the console can do, anyone can do.

const KEY = 'galerne-key';

/** What is wrong with a parameter. @typedef {{loc: (string | number)[], msg: string}} Fault */

/** An answer other than 2xx, or none at all (status 0). */
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
 * The API key. It lives as long as the tab, and travels in a header only: never in an address, a log or local
 * storage. `refusal` is set while the server refuses requests for want of a key that may read.
 */
class Session extends EventTarget {
  /** @type {ApiError | null} */
  refusal = null;

  get key() {
    return sessionStorage.getItem(KEY) ?? '';
  }

  /** @param {string} key '' forgets it */
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

/** The address of an operation; arrays repeat a parameter, empty values are left out. @param {string} path @param {Query} [query] */
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
 * Sends a GET. A refused key also goes to the session, which asks for another one.
 * @param {string} path @param {Query} [query]
 * @param {{signal?: AbortSignal, headers?: Record<string, string>}} [options]
 * @returns {Promise<Response>} of status 2xx
 * @throws {ApiError} @throws {DOMException} `AbortError` if the signal fired
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
    // a proxy's page: its status says enough
  }
  const error = new ApiError(response.status, message, code, faults);
  if (code && (response.status === 401 || response.status === 403)) { // a proxy's refusal has none, and no key helps
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
