// Times and sizes as the person's region writes them.
import { locale, t } from './texts';

const formats = new Map<string, Intl.DateTimeFormat>();

function written(ms: number, options: Intl.DateTimeFormatOptions): string {
  const key = locale() + JSON.stringify(options);
  let format = formats.get(key);
  if (format === undefined) formats.set(key, (format = new Intl.DateTimeFormat(locale(), options)));
  return format.format(ms);
}

/** The day as a number that can be compared, in the person's own time zone. */
export function dayNumber(ms: number): number {
  const date = new Date(ms);
  return Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

/** 14:05 */
export const clock = (ms: number): string => written(ms, { hour: 'numeric', minute: '2-digit' });

/** All of it: for details and titles. */
export const moment = (ms: number): string =>
  written(ms, { dateStyle: 'medium', timeStyle: 'medium' });

/** Today, yesterday, Monday, 3 May, 3 May 2025. */
export function day(ms: number): string {
  const ago = dayNumber(Date.now()) - dayNumber(ms);
  if (ago === 0) return t('day-today');
  if (ago === 1) return t('day-yesterday');
  if (ago > 1 && ago < 7) return written(ms, { weekday: 'long' });
  const sameYear = new Date(ms).getFullYear() === new Date().getFullYear();
  return written(ms, { day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) });
}

/** Short, for lists. */
export function brief(ms: number): string {
  const ago = dayNumber(Date.now()) - dayNumber(ms);
  if (ago <= 0) return clock(ms);
  if (ago === 1) return t('day-yesterday');
  if (ago < 7) return written(ms, { weekday: 'short' });
  return written(ms, { day: '2-digit', month: '2-digit', year: '2-digit' });
}

/** 1:05 */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** 1.4 MB */
export function size(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  const step = bytes < 1_000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: step < 2 ? 0 : 1,
  }).format(bytes / 1_000 ** step);
}
