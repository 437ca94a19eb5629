/** The pieces every page is made of: page frame, empty state, reasons, times, ids, faces. */
import { Button, Skeleton, Tooltip, type TooltipProps } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import type { Account, TagRef } from "@/api/types";
import { useNow, useTitle } from "@/lib/hooks";
import { usePrefs } from "@/lib/prefs";
import { problemText } from "@/lib/problems";
import { count, glyphOf, hueOf, shorten } from "@/lib/text";
import { exactTime, whenText } from "@/lib/time";
import { Drawing, type DrawingName } from "./drawings";
import { Icon, type IconName } from "./icons";

export function Page({
  title,
  note,
  actions,
  back,
  wide,
  children,
}: {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  back?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  useTitle(`${title} · ${t("app.name")}`);
  return (
    <div className={wide ? "page page-wide" : "page"}>
      <header className="page-head">
        <div className="page-title">
          {back}
          <h1>{title}</h1>
          {note ? <div className="page-note">{note}</div> : null}
        </div>
        {actions ? <div className="page-actions">{actions}</div> : null}
      </header>
      {children}
    </div>
  );
}

export function Empty({
  drawing,
  children,
  action,
  compact,
}: {
  drawing: DrawingName;
  children: ReactNode;
  action?: ReactNode;
  compact?: boolean;
}) {
  return (
    <div className={compact ? "empty empty-compact" : "empty"}>
      <Drawing name={drawing} />
      <p>{children}</p>
      {action}
    </div>
  );
}

/** What happened, what was kept, what to do. */
export function Trouble({
  error,
  retry,
  children,
}: {
  error: unknown;
  retry?: () => void;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <div className="trouble" role="alert">
      <Icon name="alert" />
      <div>
        <div>{problemText(error)}</div>
        {children}
        {error instanceof ApiError && error.traceId ? (
          <div className="trouble-trace">
            {t("app.trace")} <ShortId value={error.traceId} />
          </div>
        ) : null}
      </div>
      {retry ? (
        <Button size="small" onClick={retry}>
          {t("app.retry")}
        </Button>
      ) : null}
    </div>
  );
}

export function Note({
  tone = "info",
  icon,
  children,
  action,
}: {
  tone?: "info" | "warning" | "error" | "ok";
  icon?: IconName;
  children: ReactNode;
  action?: ReactNode;
}) {
  const names: Record<string, IconName> = { info: "info", warning: "alert", error: "alert", ok: "check" };
  return (
    <div className={`note note-${tone}`}>
      <Icon name={icon ?? names[tone] ?? "info"} />
      <div className="note-body">{children}</div>
      {action}
    </div>
  );
}

/** A control that may be off: when there is a reason, the tooltip says it and the control cannot be pressed. */
export function Because({
  reason,
  placement,
  children,
}: {
  reason: ReactNode | null | undefined;
  placement?: TooltipProps["placement"];
  children: ReactNode;
}) {
  if (!reason) return children;
  return (
    <Tooltip title={reason} placement={placement}>
      {/* A disabled button swallows the pointer; the wrapper keeps the reason reachable, by keyboard too. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the reason must be reachable without a mouse */}
      <span className="because" tabIndex={0}>
        {children}
      </span>
    </Tooltip>
  );
}

export function When({ at, empty }: { at: number | null | undefined; empty?: ReactNode }) {
  const { language, zone } = usePrefs();
  const now = useNow();
  if (at === null || at === undefined) return <span className="dim">{empty ?? "—"}</span>;
  return (
    <Tooltip title={exactTime(at, language, zone)} mouseEnterDelay={0.3}>
      <time dateTime={new Date(at).toISOString()} className="when">
        {whenText(at, language, zone, Math.max(now, Math.min(at, now + 15_000)))}
      </time>
    </Tooltip>
  );
}

export function Num({ value }: { value: number | null | undefined }) {
  const { language } = usePrefs();
  return <span className="num">{value === null || value === undefined ? "—" : count(value, language)}</span>;
}

export async function copyText(text: string) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Plain http on an intranet has no clipboard API; the old way still works there.
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

export function useCopied() {
  const [copied, setCopied] = useState(false);
  return {
    copied,
    async copy(text: string) {
      if (await copyText(text)) {
        setCopied(true);
        setTimeout(() => setCopied(false), 1600);
      }
    },
  };
}

/** An openid or other long id: shortened in the middle, whole on hover, copied on click. */
export function ShortId({ value, head, tail }: { value: string; head?: number; tail?: number }) {
  const { t } = useTranslation();
  const { copied, copy } = useCopied();
  return (
    <Tooltip title={copied ? t("app.copied") : value}>
      <button
        type="button"
        className="short-id"
        aria-label={t("app.copy_what", { what: value })}
        onClick={(event) => {
          event.stopPropagation();
          void copy(value);
        }}
      >
        {shorten(value, head, tail)}
        <Icon name={copied ? "check" : "copy"} size={12} />
      </button>
    </Tooltip>
  );
}

/** A value to be pasted elsewhere, with its copy button. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const { t } = useTranslation();
  const { copied, copy } = useCopied();
  return (
    <div className="copy-field">
      <div className="copy-label">{label}</div>
      <div className="copy-row">
        <code>{value}</code>
        <Button
          size="small"
          onClick={() => void copy(value)}
          icon={<Icon name={copied ? "check" : "copy"} size={14} />}
        >
          {copied ? t("app.copied") : t("app.copy")}
        </Button>
      </div>
    </div>
  );
}

/** Pictures elsewhere are not loaded: the page's policy allows our own only, and nobody learns who is looked at. */
export function ownPicture(url: string | null | undefined): string | undefined {
  if (!url) return undefined;
  return url.startsWith("data:image/") || /^\/(?!\/)/.test(url) || url.startsWith(`${location.origin}/`)
    ? url
    : undefined;
}

export function Face({
  id,
  name,
  src,
  size = 32,
  square,
}: {
  id: string;
  name: string;
  src?: string | null;
  size?: number;
  square?: boolean;
}) {
  const picture = ownPicture(src);
  // The stand-in is there at once; the picture covers it when it has come, and never comes if it cannot be had.
  const [shown, setShown] = useState<string | null>(null);
  return (
    <span
      className={square ? "face face-square" : "face"}
      style={{
        ["--hue" as string]: hueOf(id),
        width: size,
        height: size,
        fontSize: Math.round(size * 0.42),
      }}
    >
      {glyphOf(name)}
      {picture ? (
        <img
          src={picture}
          alt=""
          loading="lazy"
          decoding="async"
          className={shown === picture ? "face-picture shown" : "face-picture"}
          onLoad={() => setShown(picture)}
        />
      ) : null}
    </span>
  );
}

export function AccountName({ account, size = 20 }: { account: Account | undefined; size?: number }) {
  const { t } = useTranslation();
  if (!account) return <span className="dim">{t("app.gone_account")}</span>;
  return (
    <span className="account-name">
      <Face id={account.id} name={account.nick_name} src={account.avatar_url} size={size} square />
      <span>{account.nick_name}</span>
    </span>
  );
}

export type Tone = "ok" | "warning" | "error" | "quiet" | "primary";

export function Status({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={`status status-${tone}`}>
      <i aria-hidden="true" />
      {children}
    </span>
  );
}

export function Badge({ tone = "quiet", children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`badge badge-${tone}`}>{children}</span>;
}

export const tagColours = ["cyan", "blue", "purple", "green", "yellow", "orange", "red", "grey"] as const;
export function colourClass(colour: string | null | undefined): string {
  return (tagColours as readonly string[]).includes(colour ?? "") ? `tag-${colour}` : "tag-grey";
}

export function TagChip({ tag, onRemove }: { tag: TagRef; onRemove?: () => void }) {
  const { t } = useTranslation();
  return (
    <span className={`tag ${colourClass(tag.colour)}`}>
      {tag.name}
      {onRemove ? (
        <button type="button" aria-label={t("app.remove_what", { what: tag.name })} onClick={onRemove}>
          <Icon name="close" size={11} />
        </button>
      ) : null}
    </span>
  );
}

export function Card({
  title,
  extra,
  children,
  className,
  flush,
}: {
  title?: ReactNode;
  extra?: ReactNode;
  children: ReactNode;
  className?: string;
  flush?: boolean;
}) {
  return (
    <section className={`card ${flush ? "card-flush" : ""} ${className ?? ""}`}>
      {title || extra ? (
        <header className="card-head">
          <h2>{title}</h2>
          {extra ? <div className="card-extra">{extra}</div> : null}
        </header>
      ) : null}
      <div className="card-body">{children}</div>
    </section>
  );
}

/** Grey bars as high as what will stand there. */
export function Bars({ rows = 3, height = 20 }: { rows?: number; height?: number }) {
  return (
    <div className="bars" aria-hidden="true">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey bars have no identity
        <Skeleton.Button key={index} active block style={{ height }} />
      ))}
    </div>
  );
}

export function Kbd({ children }: { children: ReactNode }) {
  return <kbd>{children}</kbd>;
}

export function Facts({ items }: { items: [ReactNode, ReactNode][] }) {
  return (
    <dl className="facts">
      {items.map(([name, value], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list of facts
        <div key={index}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
