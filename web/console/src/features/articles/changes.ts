/** Two sides of an article, line by line: what both have, what only one has. */

export interface Line {
  ours: string | null;
  theirs: string | null;
}

/** Longest common run of lines; what was changed stands beside what it was changed into. */
export function sideBySide(ours: readonly string[], theirs: readonly string[]): Line[] {
  const [a, b] = [ours.slice(0, 400), theirs.slice(0, 400)];
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = table[i] as Uint16Array;
      const below = table[i + 1] as Uint16Array;
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  let gone: string[] = [];
  let come: string[] = [];
  const settle = () => {
    for (let n = 0; n < Math.max(gone.length, come.length); n++)
      lines.push({ ours: gone[n] ?? null, theirs: come[n] ?? null });
    gone = [];
    come = [];
  };
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      settle();
      lines.push({ ours: a[i] ?? "", theirs: b[j] ?? "" });
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && (table[i + 1]?.[j] ?? 0) >= (table[i]?.[j + 1] ?? 0))) {
      gone.push(a[i++] ?? "");
    } else come.push(b[j++] ?? "");
  }
  settle();
  return lines;
}

export type Shown = Line | { same: number };

/** Long runs that are the same on both sides say only how long they are. */
export function collapsed(lines: readonly Line[], around = 1): Shown[] {
  const shown: Shown[] = [];
  let run: Line[] = [];
  const settle = (last: boolean) => {
    const before = shown.length === 0 ? 0 : around;
    const after = last ? 0 : around;
    if (run.length <= before + after + 2) shown.push(...run);
    else {
      const hidden = run.length - before - after;
      shown.push(...run.slice(0, before), { same: hidden }, ...run.slice(run.length - after));
    }
    run = [];
  };
  for (const line of lines) {
    if (line.ours === line.theirs) run.push(line);
    else {
      settle(false);
      shown.push(line);
    }
  }
  settle(true);
  return shown;
}
