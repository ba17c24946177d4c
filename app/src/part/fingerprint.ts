// Fingerprints as people compare them: in groups of four.

export const groups = (digits: string): string => digits.match(/.{1,4}/g)?.join(' ') ?? '';
