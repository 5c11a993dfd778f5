// @ts-check
// Renders a custom task by its type (contract, section 10). Anything without the expected shape is shown as JSON;
// nothing is omitted.

import {html, nothing} from 'lit';
import {Element} from '../app/element.js';
import {Redraw} from '../app/page.js';
import {isObject, line, progressOf, visible} from '../data/words.js';
import {durationOf, statusMark, timeOf} from './small.js';
import './json-tree.js';
import './text.js';

/**
 * @typedef {object} Task
 * @property {string} type `custom_task_type`
 * @property {string} status `RUNNING`, `COMPLETED`, `FAILED`, `TIMED_OUT` or `CANCELED`
 * @property {any} value its value, if known
 * @property {string} [note] a remark, such as why it failed
 * @property {number} [startedAt] in ms since 1970
 * @property {number} [endedAt] the same; NaN while it is running
 * @property {number} [now] provisional end of a running task; the current time by default
 */

/** Maximum number of list items to render; the rest is shown as JSON. */
const MOST_ITEMS = 200;

const TITLES = new Map([['assistant_message', 'Assistant'], ['todo_list', 'To do'], ['wait_for_input', 'Input'], ['working', 'Working']]);
const TOOL_STATUSES = new Map([['success', 'COMPLETED'], ['failed', 'FAILED'], ['running', 'RUNNING']]);

/** `<task-card .task=${task}>` */
class TaskCard extends Element {
  static properties = {task: {attribute: false}};

  constructor() {
    super();
    /** @type {Task | undefined} */
    this.task = undefined;
    new Redraw(this, () => this.task?.status === 'RUNNING');
  }

  render() {
    const task = this.task;
    if (!task) {
      return nothing;
    }
    const waits = task.type === 'wait_for_input' && task.status === 'RUNNING';
    const started = task.startedAt ?? NaN;
    return html`<div class="task-card panel">
      <div class="head">
        <strong><bdi>${title(task)}</bdi></strong>
        ${statusMark(waits ? 'WAITING' : task.status)}
        ${Number.isFinite(started) ? html`<span class="soft">${waits ? 'for ' : ''}${durationOf(started, task.endedAt ?? NaN, task.now)} ${waits ? html`since ${timeOf(started)}` : nothing}</span>` : nothing}
      </div>
      ${task.note ? html`<p class="note ${task.status === 'FAILED' ? 'fault' : 'hint'}"><bdi>${visible(task.note)}</bdi></p>` : nothing}
      ${body(task)}
    </div>`;
  }
}

/** @param {Task} task */
function title({type, value}) {
  return line(text(value?.title) || text(value?.label) || TITLES.get(type) || type);
}

/** @param {Task} task */
function body(task) {
  const {type, value, status} = task;
  if (value === undefined || value === null) {
    return nothing;
  } else if (type === 'assistant_message' && Array.isArray(value.contentChunks)) {
    return html`${message(value.contentChunks, status === 'RUNNING')}${rest(value, ['contentChunks'])}`;
  } else if (type === 'todo_list' && Array.isArray(value.items)) {
    return html`${checklist(value.items)}${rest(value, ['items', 'title'])}`;
  } else if (type === 'working' && isObject(value) && ('toolUIState' in value || 'content' in value)) {
    return working(value, status);
  } else if (type === 'wait_for_input' && isObject(value.input_schema)) {
    return form(value);
  } else if (typeof value === 'string') {
    return html`<long-text .text=${value} .grows=${status === 'RUNNING'}></long-text>`;
  } else if (typeof value.text === 'string') {
    return html`<long-text .text=${value.text} .grows=${status === 'RUNNING'}></long-text>${rest(value, ['text'])}`;
  }
  const progress = progressOf(value);
  return progress ? html`${progressBar(progress.done, progress.total)}${rest(value, progress.keys)}` : tree(value);
}

/** @param {number} done @param {number} total */
export function progressBar(done, total, what = 'done') {
  const part = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  return html`<div class="progress-line">
    <progress max="1" .value=${part} aria-label="Progress"></progress> <span>${done} of ${total} ${what} <span class="soft">${Math.round(part * 100)} %</span></span>
  </div>`;
}

/** @param {any} value @param {string} [label] */
function tree(value, label = '') {
  return html`<json-tree .value=${value} .label=${label}></json-tree>`;
}

/** The members that are not shown otherwise. @param {any} value @param {string[]} shown */
function rest(value, shown) {
  const members = Object.entries(value).filter(([key, member]) => !shown.includes(key) && member !== null);
  return members.length ? tree(Object.fromEntries(members), 'Also') : nothing;
}

/** @param {any[]} chunks @param {boolean} grows */
function message(chunks, grows) {
  return html`<div class="message ${grows ? 'grows' : ''}">
    ${chunks.slice(0, MOST_ITEMS).map((chunk, i) =>
      typeof chunk?.text === 'string'
        ? html`<long-text .text=${chunk.text} .grows=${grows && i === chunks.length - 1}></long-text>`
        : resource(chunk))}
  </div>${chunks.length > MOST_ITEMS ? tree(chunks.slice(MOST_ITEMS), 'More') : nothing}`;
}

/** @param {any} chunk any chunk except text */
function resource(chunk) {
  const held = isObject(chunk?.resource) ? chunk.resource : chunk;
  const name = ['title', 'name', 'filename', 'uri', 'url', 'id'].map(key => text(held?.[key])).find(Boolean);
  return html`<details class="resource">
    <summary class="chip"><span><bdi>${line(text(chunk?.type) || 'resource', 40)}${name ? `: ${line(name, 80)}` : ''}</bdi></span></summary>
    ${tree(chunk)}
  </details>`;
}

const TODO = /** @type {Record<string, [string, string]>} */ ({
  done: ['☑', 'Done'],
  in_progress: ['◐', 'In progress'],
  todo: ['☐', 'To do'],
});

/** @param {any[]} items */
function checklist(items) {
  const done = items.filter(item => item?.status === 'done').length;
  return html`${progressBar(done, items.length)}
    <ul class="checklist">${items.slice(0, MOST_ITEMS).map(item => {
      const status = text(item?.status);
      const [sign, word] = own(TODO, status) ?? ['?', status || 'Unknown'];
      return html`<li class=${own(TODO, status) ? status : ''}>
        <span class="sign" role="img" aria-label=${word} title=${word}>${sign}</span>
        <div><bdi>${isObject(item) ? line(text(item.title) || text(item.id)) : tree(item)}</bdi>
          ${text(item?.description) ? html`<p class="soft"><bdi>${visible(item.description)}</bdi></p>` : nothing}</div>
      </li>`;
    })}</ul>
    ${items.length > MOST_ITEMS ? tree(items.slice(MOST_ITEMS), 'More') : nothing}`;
}

/** @param {any} value @param {string} status of the task */
function working(value, status) {
  const tool = isObject(value.toolUIState) ? value.toolUIState : null;
  const content = text(value.content);
  return html`
    ${content ? html`<div class=${value.type === 'thinking' ? 'thinking' : ''}><long-text .text=${content} .grows=${status === 'RUNNING'}></long-text></div>` : nothing}
    ${tool ? toolCall(tool, status) : nothing}
    ${rest(value, ['type', 'title', ...(tool ? ['toolUIState'] : []), ...(typeof value.content === 'string' ? ['content'] : [])])}`;
}

/** @param {any} tool @param {string} status of the task */
function toolCall(tool, status) {
  if (tool.type === 'command') {
    return html`<div class="terminal">
        <pre class="command"><span class="prompt" aria-hidden="true">$ </span>${visible(text(tool.command))}</pre>
        ${output(tool.result?.output)}${output(tool.result?.error, true)}
      </div>
      ${toolStatus(tool.result, status)}${rest(tool, ['type', 'toolCallId', 'command', 'result'])}`;
  } else if (tool.type === 'generic_tool') {
    return html`<p class="tool"><code><bdi>${line(text(tool.name) || 'tool')}</bdi></code> ${toolStatus(tool.result, status)}</p>
      ${tree(tool.arguments, 'Arguments')}
      ${isObject(tool.result) ? toolResult(tool.result) : nothing}
      ${rest(tool, ['type', 'toolCallId', 'name', 'arguments', 'result'])}`;
  } else if (tool.type === 'file' && Array.isArray(tool.operations)) {
    return html`<ul class="files">${tool.operations.slice(0, MOST_ITEMS).map(fileOperation)}</ul>
      ${tool.operations.length > MOST_ITEMS ? tree(tool.operations.slice(MOST_ITEMS), 'More') : nothing}`;
  }
  return tree(tool, 'Tool');
}

/** @param {any} result */
function toolResult(result) {
  const {value, error, output: out} = result;
  return html`
    ${output(error, true)}${output(out)}
    ${value === undefined ? nothing : typeof value === 'string' ? output(value) : tree(value, 'Result')}
    ${rest(result, ['status', 'value', 'error', 'output'])}`;
}

/** @param {any} value of any shape @param {boolean} [failed] */
function output(value, failed = false) {
  if (value === undefined || value === null || value === '') {
    return nothing;
  }
  return html`<div class="output ${failed ? 'failed' : ''}">${typeof value === 'string' ? html`<long-text .text=${value}></long-text>` : tree(value, failed ? 'Error' : 'Output')}</div>`;
}

/** The status of a tool call, unless it is that of the task. @param {any} result @param {string} ofTask */
function toolStatus(result, ofTask) {
  const status = text(result?.status);
  const known = TOOL_STATUSES.get(status);
  return known ? (known === ofTask ? nothing : statusMark(known)) : status ? html`<span class="soft">${line(status, 40)}</span>` : nothing;
}

const FILE_SIGNS = /** @type {Record<string, string>} */ ({create: '+', read: '→', replace: '±', delete: '−'});

/** @param {any} operation */
function fileOperation(operation) {
  if (!isObject(operation) || typeof operation.uri !== 'string') {
    return html`<li>${tree(operation)}</li>`;
  }
  const type = text(operation.type);
  const blocks = Array.isArray(operation.blocks) ? operation.blocks.slice(0, MOST_ITEMS) : [];
  return html`<li>
    <code><span aria-hidden="true">${own(FILE_SIGNS, type) ?? '·'}</span> ${line(type, 20)} <bdi>${line(operation.uri)}</bdi></code>
    ${text(operation.content) ? html`<details><summary>Content</summary><long-text .text=${operation.content}></long-text></details>` : nothing}
    ${blocks.map(block => html`<div class="change">
      ${text(block?.search) ? html`<del><long-text .text=${block.search}></long-text></del>` : nothing}
      ${text(block?.replace) ? html`<ins><long-text .text=${block.replace}></long-text></ins>` : nothing}</div>`)}
    ${rest(operation, ['type', 'uri', 'content', 'blocks', 'fileContentBefore', 'toolCallId'])}
  </li>`;
}

/** The form of a task that waits for input. @param {any} value */
function form({input_schema: schema, input, ...others}) {
  const fields = isObject(schema.properties) ? Object.entries(schema.properties).slice(0, MOST_ITEMS) : [];
  const given = isObject(input) ? input : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  return html`
    ${text(schema.description) ? html`<p><bdi>${visible(schema.description)}</bdi></p>` : nothing}
    ${fields.length
      ? html`<dl class="form">${fields.map(([name, own]) => field(name, resolved(own, schema), required.includes(name), given[name]))}</dl>`
      : tree(schema, 'Schema')}
    ${input === undefined ? nothing : isObject(input) && fields.length ? rest(input, fields.map(([name]) => name)) : tree(input, 'Input')}
    ${rest(others, ['label'])}`;
}

/** @param {string} name @param {any} schema @param {boolean} required @param {any} given undefined until it is entered */
function field(name, schema, required, given) {
  const choices = Array.isArray(schema?.enum) ? schema.enum.slice(0, 20).map((/** @type {any} */ one) => line(String(one), 40)).join(', ') : '';
  return html`<div>
    <dt><bdi>${line(text(schema?.title) || name, 80)}</bdi> <span class="soft">${line(typeName(schema), 60)}${required ? ', required' : ''}</span></dt>
    <dd>
      ${text(schema?.description) ? html`<p class="soft"><bdi>${visible(schema.description)}</bdi></p>` : nothing}
      ${choices ? html`<p class="soft">One of <bdi>${choices}</bdi></p>` : nothing}
      <div class="given">${given === undefined ? html`<span class="soft">–</span>` : isObject(given) || Array.isArray(given) ? tree(given) : html`<bdi>${visible(String(given))}</bdi>`}</div>
    </dd>
  </div>`;
}

/** @param {any} schema @returns {string} such as `string or null` */
function typeName(schema) {
  if (Array.isArray(schema?.anyOf)) {
    return schema.anyOf.slice(0, 6).map((/** @type {any} */ one) => text(one?.type) || 'other').join(' or ');
  }
  return Array.isArray(schema?.type) ? schema.type.slice(0, 6).join(' or ') : text(schema?.type);
}

/** Resolves a `$ref` to `$defs`. @param {any} schema @param {any} root */
function resolved(schema, root) {
  const name = text(schema?.$ref).replace(/^#\/(\$defs|definitions)\//, '');
  const definitions = root.$defs ?? root.definitions;
  return name && isObject(definitions) && Object.hasOwn(definitions, name) ? {...definitions[name], ...schema} : schema;
}

/** Looks up an untrusted key, such as `constructor`. @template T @param {Record<string, T>} table @param {string} word */
function own(table, word) {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}

/** @param {any} value */
function text(value) {
  return typeof value === 'string' ? value : '';
}

customElements.define('task-card', TaskCard);
