// How messages stand together: in days, and in rows of one sender.
import type { Message } from '../../state/shapes';
import { dayNumber } from '../../when';

export interface Row {
  message: Message;
  first: boolean;
  last: boolean;
}

export interface Day {
  number: number;
  at: number;
  rows: Row[];
}

/** Within this time messages of one sender belong together. */
const TOGETHER_MS = 5 * 60_000;

const together = (a: Message | undefined, b: Message | undefined, divider: number): boolean =>
  a !== undefined &&
  b !== undefined &&
  a.sender === b.sender &&
  a.type !== 'notice' &&
  b.type !== 'notice' &&
  b.position !== divider &&
  Math.abs(b.created_at_ms - a.created_at_ms) < TOGETHER_MS &&
  dayNumber(a.created_at_ms) === dayNumber(b.created_at_ms);

/** The days of some messages; a row is not grouped across the divider of unread ones. */
export function days(messages: Message[], divider: number): Day[] {
  const out: Day[] = [];
  messages.forEach((message, index) => {
    const number = dayNumber(message.created_at_ms);
    let day = out.at(-1);
    if (day === undefined || day.number !== number) {
      out.push((day = { number, at: message.created_at_ms, rows: [] }));
    }
    day.rows.push({
      message,
      first: !together(messages[index - 1], message, divider),
      last: !together(message, messages[index + 1], divider),
    });
  });
  return out;
}
