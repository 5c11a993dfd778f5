// @ts-check
// Formats times, durations and numbers.

const zone = new Intl.DateTimeFormat(undefined, {timeZoneName: 'short'});
const clock = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'});
const day = new Intl.DateTimeFormat(undefined, {day: 'numeric', month: 'short'});
const year = new Intl.DateTimeFormat(undefined, {day: 'numeric', month: 'short', year: 'numeric'});
const numbers = new Intl.NumberFormat(undefined);

/** ms since 1970 of an ISO time or of nanoseconds; NaN for anything else. @param {any} time */
export function millis(time) {
  return typeof time === 'string' ? Date.parse(time) : Number(time) / 1e6;
}

/** Such as `14:03:11`, with the date unless it is today. @param {number} ms */
export function shortTime(ms) {
  const date = new Date(ms);
  const now = new Date();
  if (Number.isNaN(ms)) {
    return '';
  } else if (date.toDateString() === now.toDateString()) {
    return clock.format(date);
  }
  return `${(date.getFullYear() === now.getFullYear() ? day : year).format(date)}, ${clock.format(date)}`;
}

/** Zone names by offset. Formatting one takes longer than the rest of a row. @type {Map<number, string>} */
const zoneNames = new Map();

/** The name of the local time zone, such as `CET`. @param {number} [ms] */
export function zoneName(ms = Date.now()) {
  const date = new Date(ms);
  const offset = date.getTimezoneOffset();
  let name = zoneNames.get(offset);
  if (name === undefined) {
    name = zone.formatToParts(date).find(part => part.type === 'timeZoneName')?.value ?? '';
    zoneNames.set(offset, name);
  }
  return name;
}

/** Local time with its zone, and UTC. @param {number} ms */
export function fullTime(ms) {
  return Number.isNaN(ms)
    ? ''
    : `${year.format(ms)}, ${clock.format(ms)}.${String(Math.floor(ms) % 1000).padStart(3, '0')} ${zoneName(ms)} · ${new Date(ms).toISOString()}`;
}

/** Such as `340 ms`, `2.4 s`, `3 min 5 s`, `2 h 10 min`. @param {number} ms */
export function duration(ms) {
  if (!Number.isFinite(ms)) {
    return '';
  }
  const value = Math.max(0, ms);
  if (value < 1000) {
    return `${Math.round(value)} ms`;
  } else if (value < 60_000) {
    return `${(value / 1000).toFixed(1)} s`;
  }
  const seconds = Math.floor(value / 1000);
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  } else if (seconds < 86_400) {
    return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  }
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
}

/** @param {number} count */
export function amount(count) {
  return numbers.format(count);
}

/** @param {number} bytes */
export function size(bytes) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
