import { Select } from "../ui/kit";
import { useWords } from "../words";

export const verifyTypes = ["-1", "0", "1", "2", "3", "4", "5"] as const;

export function VerifySelect({
  id,
  value,
  onPick,
}: {
  id: string;
  value: number;
  onPick: (value: number) => void;
}) {
  const { t } = useWords();
  return (
    <Select
      id={id}
      value={String(value)}
      onPick={(v) => onPick(Number(v))}
      options={verifyTypes.map((v) => ({ value: v as string, label: `${v} · ${t(`verify.${v}`)}` }))}
    />
  );
}

/** `1.2.3.4; 5.6.7.8` or one a line → a list. */
export const splitList = (text: string) =>
  text
    .split(/[\s,;]+/)
    .map((part) => part.trim())
    .filter(Boolean);

/** What of `next` differs from `old`, so that a save touches nothing else. */
export function changes<T extends object>(old: T, next: Partial<T>): Partial<T> {
  const out: Partial<T> = {};
  for (const name of Object.keys(next) as (keyof T)[]) {
    if (JSON.stringify(old[name]) !== JSON.stringify(next[name])) out[name] = next[name];
  }
  return out;
}
