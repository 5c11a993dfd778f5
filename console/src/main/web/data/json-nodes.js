// @ts-check
// The parts of a JSON value that a tree shows. Nothing recurses: a value may be as deep as it likes.

import {ExactNumber} from './json.js';

/** Members shown at first, and with each "show more". */
export const PORTION = 50;

/** Characters shown of a text at first. */
const TEXT_ROOM = 600;

/** Matches that a search collects. */
export const MOST_MATCHES = 1000;

/** Members that are not shown, between some that are. @typedef {{parent: JsonNode, from: number, to: number}} Gap */

/** A value with its place in the tree. Made when it is first shown or found. */
export class JsonNode {
  open = false;
  room = TEXT_ROOM;
  /** Shown members, ascending: from, inclusive, to, exclusive. @type {[number, number][]} */
  #ranges = [[0, PORTION]];
  /** @type {Map<string | number, JsonNode>} */
  #children = new Map();
  /** @type {Map<number, Gap>} */
  #gaps = new Map();
  /** @type {string[] | null} */
  #keys = null;

  /** How many others it is in. */
  depth = 0;

  /** @param {any} value @param {JsonNode | null} [parent] @param {string | number} [key] @param {number} [index] among its siblings */
  constructor(value, parent = null, key = '', index = 0) {
    this.value = value;
    this.parent = parent;
    this.key = key;
    this.index = index;
    this.depth = parent ? parent.depth + 1 : 0;
  }

  get isCompound() {
    return isCompound(this.value);
  }

  get size() {
    return this.#memberKeys?.length ?? this.value.length;
  }

  /** null for a list */
  get #memberKeys() {
    return Array.isArray(this.value) ? null : (this.#keys ??= Object.keys(this.value));
  }

  /** @param {number} index */
  child(index) {
    const key = this.#memberKeys?.[index] ?? index;
    let child = this.#children.get(key);
    if (!child) {
      child = new JsonNode(this.value[key], this, key, index);
      this.#children.set(key, child);
    }
    child.index = index;
    return child;
  }

  /** Takes another value. What is open stays open, if it is still there. @param {any} value */
  update(value) {
    const due = [{node: /** @type {JsonNode} */ (this), value}];
    for (let next = due.pop(); next; next = due.pop()) {
      const {node, value} = next;
      if (node.value === value) {
        continue;
      }
      node.value = value;
      node.#keys = null;
      for (const [key, child] of node.#children) {
        if (isCompound(value) && Object.hasOwn(value, key)) {
          due.push({node: child, value: value[key]});
        } else {
          node.#children.delete(key);
        }
      }
    }
  }

  /** Shows more members. @param {number} from @param {number} to exclusive */
  show(from, to) {
    /** @type {[number, number][]} */
    const merged = [];
    for (const range of [...this.#ranges, /** @type {[number, number]} */ ([from, to])].sort((a, b) => a[0] - b[0])) {
      const last = merged.at(-1);
      if (last && range[0] <= last[1]) {
        last[1] = Math.max(last[1], range[1]);
      } else {
        merged.push([...range]);
      }
    }
    this.#ranges = merged;
  }

  /** Opens all that this is in, and shows it there. */
  reveal() {
    for (let node = /** @type {JsonNode} */ (this); node.parent; node = node.parent) {
      node.parent.open = true;
      node.parent.show(Math.max(0, node.index - 2), node.index + 3);
    }
  }

  /** @returns {(JsonNode | Gap)[]} */
  members() {
    const members = [];
    const size = this.size;
    let at = 0;
    for (const [from, to] of this.#ranges) {
      if (at < Math.min(from, size)) {
        members.push(this.#gap(at, Math.min(from, size)));
      }
      for (at = Math.min(from, size); at < to && at < size; at++) {
        members.push(this.child(at));
      }
    }
    return at < size ? [...members, this.#gap(at, size)] : members;
  }

  /** The same object for the same gap, so that it stays where it is on the page. @param {number} from @param {number} to */
  #gap(from, to) {
    let gap = this.#gaps.get(from);
    if (!gap || gap.to !== to) {
      gap = {parent: this, from, to};
      this.#gaps.set(from, gap);
    }
    return gap;
  }
}

/** @param {any} value */
export function isCompound(value) {
  return typeof value === 'object' && value !== null && !(value instanceof ExactNumber);
}

/** What is on screen. @param {JsonNode} root @returns {(JsonNode | Gap)[]} */
export function rowsOf(root) {
  const rows = [];
  /** @type {(JsonNode | Gap)[]} */
  const due = [root];
  for (let row = due.pop(); row; row = due.pop()) {
    rows.push(row);
    if (row instanceof JsonNode && row.open && row.isCompound) {
      for (const member of row.members().reverse()) {
        due.push(member);
      }
    }
  }
  return rows;
}

/** Opens the tree from its root on, level by level, as far as there is room. @param {JsonNode} root @param {number} most rows */
export function openSome(root, most) {
  const due = [root];
  let rows = 1;
  for (const node of due) {
    const size = node.isCompound ? Math.min(node.size, PORTION) : 0;
    if (node !== root && rows + size > most) {
      continue;
    }
    rows += size;
    node.open = size > 0;
    for (const member of node.open ? node.members() : []) {
      if (member instanceof JsonNode) {
        due.push(member);
      }
    }
  }
}

/**
 * Nodes with a key or a value that matches, in order, `MOST_MATCHES` at most.
 * @param {JsonNode} root
 * @param {RegExp} pattern not global
 */
export function find(root, pattern) {
  /** @type {JsonNode[]} */
  const found = [];
  if (!root.isCompound) {
    return pattern.test(textOf(root.value)) ? [root] : [];
  }
  const path = [step(root.value)];
  while (path.length && found.length < MOST_MATCHES) {
    const last = path[path.length - 1];
    if (++last.at === last.size) {
      path.pop();
      continue;
    }
    const key = last.keys?.[last.at];
    const value = last.value[key ?? last.at];
    if ((key !== undefined && pattern.test(key)) || (!isCompound(value) && pattern.test(textOf(value)))) {
      found.push(path.reduce((node, {at}) => node.child(at), root));
    }
    if (isCompound(value)) {
      path.push(step(value));
    }
  }
  return found;
}

/** @param {any} value */
function step(value) {
  const keys = Array.isArray(value) ? null : Object.keys(value);
  return {value, keys, size: keys?.length ?? value.length, at: -1};
}

/** @param {any} value not compound */
export function textOf(value) {
  return typeof value === 'string' ? value : String(value);
}
