// Addresses that other people or the organisation gave: what may be opened, and nothing else.

/** The address if it leads to a page or a mailbox; else nothing. */
export function safeHref(text: string): string | undefined {
  const trimmed = text.trim();
  // An address of mail without its scheme is what many organisations write.
  const full = /^[^\s@:/]+@[^\s@:/]+$/.test(trimmed) ? `mailto:${trimmed}` : trimmed;
  try {
    const url = new URL(full);
    return ['https:', 'http:', 'mailto:'].includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}
