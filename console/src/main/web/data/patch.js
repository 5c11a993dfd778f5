// @ts-check
// JSON Patch as on the wire (contract, section 1): `add`, `replace` and `remove` of RFC 6902, and `append`,
// which concatenates strings. The root is "", "/" or [].

import {isObject} from './words.js';

/** @typedef {{op: string, path: string | string[], value?: any}} Operation */

/** The server's limit for the depth of a value. */
const MOST_DEPTH = 500;

/** Stands for a removed value. */
const GONE = Symbol('gone');

/** A patch does not apply to the value. */
export class Misfit extends Error {}

/**
 * Returns the patched value. It shares unchanged parts with the original, which is not modified, so keeping the value at
 * many points in time is cheap.
 * @param {any} value undefined if unknown
 * @param {Operation[]} operations
 * @returns {any}
 * @throws {Misfit} if an operation does not apply
 */
export function applyPatch(value, operations) {
  if (!Array.isArray(operations)) {
    throw new Misfit('the patch is not a list of operations');
  }
  let patched = value;
  for (const operation of operations) {
    patched = changed(patched, steps(operation?.path), 0, operation);
    patched = patched === GONE ? undefined : patched;
  }
  return patched;
}

/**
 * The steps of a JSON Pointer; none for the root.
 * @param {any} path
 * @returns {string[]}
 */
export function steps(path) {
  if (path === '' || path === '/' || (Array.isArray(path) && path.length === 0)) {
    return [];
  } else if (typeof path !== 'string' || path[0] !== '/') {
    throw new Misfit('a path must start with "/"');
  }
  const parts = path.slice(1).split('/');
  if (parts.length > MOST_DEPTH) {
    throw new Misfit(`a path has more than ${MOST_DEPTH} steps`);
  }
  return parts.map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** @param {any} value @param {string[]} path @param {number} depth @param {Operation} operation @returns {any} */
function changed(value, path, depth, operation) {
  if (depth === path.length) {
    return replaced(value, operation);
  } else if (Array.isArray(value)) {
    return changedArray(value, path, depth, operation);
  } else if (isObject(value)) {
    return changedObject(value, path, depth, operation);
  }
  throw new Misfit(`there is no "${path[depth]}"`);
}

/** @param {Record<string, any>} object @param {string[]} path @param {number} depth @param {Operation} operation */
function changedObject(object, path, depth, operation) {
  const name = path[depth];
  const adds = depth === path.length - 1 && operation.op === 'add';
  if (!adds && !Object.hasOwn(object, name)) {
    throw new Misfit(`there is no "${name}"`);
  }
  const next = changed(Object.hasOwn(object, name) ? object[name] : undefined, path, depth + 1, operation);
  if (next !== GONE) {
    return {...object, [name]: next};
  }
  const rest = {...object};
  delete rest[name];
  return rest;
}

/** @param {any[]} array @param {string[]} path @param {number} depth @param {Operation} operation */
function changedArray(array, path, depth, operation) {
  const inserts = depth === path.length - 1 && operation.op === 'add';
  const text = path[depth];
  const index = inserts && text === '-' ? array.length : /^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : NaN;
  if (!(index < array.length + (inserts ? 1 : 0))) {
    throw new Misfit(`there is no element "${text}"`);
  } else if (inserts) {
    return array.toSpliced(index, 0, operation.value ?? null);
  }
  const next = changed(array[index], path, depth + 1, operation);
  return next === GONE ? array.toSpliced(index, 1) : array.with(index, next);
}

/** @param {any} value @param {Operation} operation */
function replaced(value, {op, value: given = null}) {
  if (op === 'add') {
    return given;
  } else if (value === undefined) {
    throw new Misfit('the value it changes is unknown');
  } else if (op === 'replace') {
    return given;
  } else if (op === 'remove') {
    return GONE;
  } else if (op !== 'append') {
    throw new Misfit(`the operation "${op}" is unknown`);
  } else if (typeof value !== 'string' || typeof given !== 'string') {
    throw new Misfit('"append" needs two strings');
  }
  return value + given;
}
