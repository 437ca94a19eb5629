import type { ChatItem } from "../api/types";

/** Adds or replaces by id, and keeps the order of time; within one moment, of ids. */
export function addItem(items: ChatItem[], item: ChatItem): ChatItem[] {
  const same = items.findIndex((old) => String(old.id) === String(item.id));
  if (same >= 0) return items.with(same, item);
  const next = [...items, item];
  const last = items.at(-1);
  const inOrder = !last || last.at_ms <= item.at_ms;
  return inOrder ? next : next.sort((a, b) => a.at_ms - b.at_ms || Number(a.id) - Number(b.id));
}
