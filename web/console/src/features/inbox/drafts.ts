/** What somebody has typed and not sent, by person and conversation, on this machine. */
import type { CardContent, Id, Media } from "@/api/types";

export interface Draft {
  text: string;
  note: string;
  media: Media | null;
  card: CardContent | null;
}

const key = (person: Id, conversation: Id) => `hy.draft.${person}.${conversation}`;

export function readDraft(person: Id, conversation: Id): Draft {
  const empty = { text: "", note: "", media: null, card: null };
  try {
    const kept = localStorage.getItem(key(person, conversation));
    return kept ? { ...empty, ...(JSON.parse(kept) as Partial<Draft>) } : empty;
  } catch {
    return empty;
  }
}

export function keepDraft(person: Id, conversation: Id, draft: Draft) {
  if (!draft.text && !draft.note && !draft.media && !draft.card) return dropDraft(person, conversation);
  localStorage.setItem(key(person, conversation), JSON.stringify(draft));
}

export function dropDraft(person: Id, conversation: Id) {
  localStorage.removeItem(key(person, conversation));
}
