// @ts-check
import {html, nothing} from 'lit';
import {amount} from '../data/format.js';

/** The requests since the server's start: how many were answered, refused or failed, by operation. @param {import('../data/metrics.js').Figures} figures */
export function requestTable(figures) {
  /** @type {Map<string, Map<string, number>>} counts by operation and status */
  const operations = new Map();
  for (const {labels, value} of figures.samples('galerne_http_requests_total')) {
    const statuses = operations.get(labels.operation) ?? new Map();
    statuses.set(labels.status, (statuses.get(labels.status) ?? 0) + value);
    operations.set(labels.operation, statuses);
  }
  if (!operations.size) {
    return nothing;
  }
  const rows = [...operations].sort(([one], [other]) => (one < other ? -1 : 1));
  return html`<section class="requests">
    <header><h2>Requests since start</h2><a href="metrics" title="In the Prometheus format">All metrics</a></header>
    <div class="panel"><table>
      <thead><tr><th scope="col">Operation</th><th scope="col" class="number">Answered</th><th scope="col">Refused or failed</th></tr></thead>
      <tbody>${rows.map(([operation, statuses]) => html`<tr>
        <td class="mono">${operation}</td>
        <td class="number">${amount(sum(statuses, status => status < 400))}</td>
        <td>${refusals(statuses)}</td>
      </tr>`)}</tbody>
    </table></div>
  </section>`;
}

/** @param {Map<string, number>} statuses @param {(status: number) => boolean} counts */
function sum(statuses, counts) {
  let total = 0;
  for (const [status, count] of statuses) {
    total += counts(Number(status)) ? count : 0;
  }
  return total;
}

/** @param {Map<string, number>} statuses */
function refusals(statuses) {
  const bad = [...statuses].filter(([status]) => Number(status) >= 400).sort();
  return bad.length
    ? bad.map(([status, count]) => html`<span class="status ${Number(status) >= 500 ? 'failed' : 'waiting'}">${amount(count)} × ${status}</span> `)
    : html`<span class="soft">none</span>`;
}
