/** Shares as people read them, and the scale under them: it begins at none, and ends at a round number above the largest. */
const steps = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25];

export function axisOf(largest: number): { end: number; ticks: number[] } {
  const step = steps.find((one) => largest / one <= 4) ?? 0.25;
  const count = Math.max(1, Math.ceil(largest / step - 1e-9));
  const ticks = Array.from({ length: count + 1 }, (_, n) => Math.round(n * step * 1000) / 1000);
  return { end: ticks.at(-1) ?? 1, ticks };
}

export const percent = (share: number, language: string) =>
  new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(share);

/** A difference of shares in percentage points. */
export const points = (difference: number, language: string, signed = false) =>
  new Intl.NumberFormat(language, {
    maximumFractionDigits: 1,
    signDisplay: signed ? "exceptZero" : "auto",
  }).format(100 * difference);
