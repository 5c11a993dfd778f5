// @ts-check
// The time scale of a timeline.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500,
  ...[1, 2, 5, 10, 20, 30].map(count => count * SECOND),
  ...[1, 2, 5, 10, 20, 30].map(count => count * MINUTE),
  ...[1, 2, 3, 6, 12].map(count => count * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map(count => count * DAY),
];

/** Distance between the ticks of a scale, at most five of them. @param {number} length of the scale, in ms */
export function stepOf(length) {
  return STEPS.find(step => length / step <= 5) ?? length;
}

/** Such as `2 s`, `500 ms` or `3 h`. @param {number} ms a multiple of a step */
export function tick(ms) {
  const [unit, name] = ms < SECOND ? [1, 'ms'] : ms < MINUTE ? [SECOND, 's'] : ms < HOUR ? [MINUTE, 'min'] : ms < DAY ? [HOUR, 'h'] : [DAY, 'd'];
  return ms === 0 ? '0' : `${Math.round((ms / Number(unit)) * 10) / 10} ${name}`;
}
