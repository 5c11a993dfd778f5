// @ts-check
// The nodes of a JSON tree. Nothing recurses, so values may be arbitrarily deep.

import {ExactNumber} from './json.js';

/** Members shown initially, and added by each "Show more". */
export const PORTION = 50;

/** Characters of a text shown initially. */
const TEXT_ROOM = 600;

/** Maximum number of matches of a search. */
export const MOST_MATCHES = 1000;

/** A range of hidden members; `to` is exclusive. @typedef {{parent: JsonNode, from: number, to: number}} Gap */

/** A value and its place in the tree. Created when it is first shown or found. */
export class JsonNode {
  open = false;
  room = TEXT_ROOM;
  /** Ranges of shown members, ascending; the end is exclusive. @type {[number, number][]} */
  #ranges = [[0, PORTION]];
  /** @type {Map<string | number, JsonNode>} */
  #children = new Map();
  /** @type {Map<number, Gap>} */
  #gaps = new Map();
  /** @type {string[] | null} */
  #keys = null;

  /** Number of ancestors. */
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

  /** null for an array */
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

  /** Replaces the value. Open nodes that still exist stay open. @param {any} value */
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

  /** Shows a range of members. @param {number} from @param {number} to exclusive */
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

  /** Opens all ancestors so that this node is shown. */
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

  /** Returns the same object for the same gap, so its row keeps its identity. @param {number} from @param {number} to */
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

/** The shown rows. @param {JsonNode} root @returns {(JsonNode | Gap)[]} */
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

/** Opens the tree level by level, up to a number of rows. @param {JsonNode} root @param {number} most maximum number of rows */
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
 * Finds the nodes with a matching key or value, in document order, at most `MOST_MATCHES`.
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
