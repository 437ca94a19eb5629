/** Text as it was typed. Addresses become links, to http and https only, and tell the other side nothing of us. */
import type { ReactNode } from "react";

const pattern = /<a\s+href="([^"]*)"[^>]*>([\s\S]*?)<\/a>|(https?:\/\/[^\s<>"'，。！？；）】]+)/g;

export function SafeText({ text }: { text: string }) {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    const to = match[1] ?? match[3] ?? "";
    const words = match[2] ?? match[3];
    if (match.index > end) parts.push(text.slice(end, match.index));
    parts.push(
      /^https?:\/\//i.test(to) ? (
        <a key={match.index} href={to} title={to} target="_blank" rel="noopener noreferrer nofollow">
          {words}
        </a>
      ) : (
        <span key={match.index} className="text-link" title={to}>
          {words}
        </span>
      ),
    );
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return <span className="pre">{parts}</span>;
}
