import type { Picture } from "../api/types";
import { Icon } from "./icons";

/** A stable hue for a name, so that an account looks the same everywhere. */
export function hueOf(text: string): number {
  let h = 7;
  for (const c of text) h = (h * 31 + (c.codePointAt(0) ?? 0)) % 360;
  return h;
}

/** One or two characters that stand for a name: the last two of a Chinese name, the initials of a Latin one. */
export function glyphOf(name: string): string {
  const trimmed = name.trim();
  if (!trimmed) return "?";
  if (/[\u3400-\u9fff]/.test(trimmed)) return [...trimmed].slice(-2).join("");
  return trimmed
    .split(/\s+/)
    .slice(0, 2)
    .map((part) => [...part][0]?.toUpperCase() ?? "")
    .join("");
}

export function Avatar({ picture, name, size = 40 }: { picture?: Picture; name: string; size?: number }) {
  if (typeof picture === "string" && /^(data:image\/|\/)/.test(picture)) {
    return <img className="avatar" src={picture} width={size} height={size} alt="" />;
  }
  const given = typeof picture === "object" && picture ? picture : { hue: hueOf(name), glyph: glyphOf(name) };
  return (
    <span
      className="avatar"
      aria-hidden="true"
      style={{
        width: size,
        height: size,
        background: `hsl(${given.hue} 32% 46%)`,
        fontSize: size * (given.glyph.length > 1 ? 0.36 : 0.46),
      }}
    >
      {given.glyph}
    </span>
  );
}

/** Accounts are squares with one character of their name and a corner that tells their kind. */
export function AccountMark({ name, appid, size = 44 }: { name: string; appid: string; size?: number }) {
  const glyph = [...name.trim()][0] ?? "?";
  return (
    <span
      className="avatar avatar-account"
      aria-hidden="true"
      style={{
        width: size,
        height: size,
        background: `hsl(${hueOf(appid + name)} 38% 38%)`,
        fontSize: size * 0.48,
      }}
    >
      {glyph.toUpperCase()}
    </span>
  );
}

export function SystemMark({ size = 44 }: { size?: number }) {
  return (
    <span
      className="avatar avatar-account"
      aria-hidden="true"
      style={{ width: size, height: size, background: "var(--ink-3)" }}
    >
      <Icon name="alert" size={size * 0.5} />
    </span>
  );
}
