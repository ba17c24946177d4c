// One thing to do in a menu.
import type { Icon } from './icon';

export interface Choice {
  label: string;
  icon?: Icon;
  /** In red: it takes something away. */
  danger?: boolean;
  disabled?: boolean;
  /** A line above it. */
  apart?: boolean;
  run: () => void;
}
