/** The few controls the pages are made of. Plain elements underneath, so keyboard and readers work by themselves. */
import {
  type ButtonHTMLAttributes,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import type { ApiError } from "../api/client";
import { useWords } from "../words";
import { Icon, type IconName } from "./icons";
import { shorten } from "./time";

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  look?: "primary" | "plain" | "danger" | "quiet";
  small?: boolean;
  icon?: IconName;
  busy?: boolean;
  /** Why it cannot be pressed now. It stays reachable by keyboard, so that the reason can be read. */
  why?: string | null;
};

export function Button({
  look = "plain",
  small,
  icon,
  busy,
  why,
  children,
  className = "",
  onClick,
  ...rest
}: ButtonProps) {
  const blocked = Boolean(why) || busy;
  return (
    <button
      type="button"
      {...rest}
      className={`btn btn-${look}${small ? " btn-small" : ""} ${className}`}
      aria-disabled={blocked || undefined}
      aria-busy={busy || undefined}
      title={why ?? rest.title}
      onClick={blocked ? (event) => event.preventDefault() : onClick}
    >
      {busy ? <span className="spinner" /> : icon && <Icon name={icon} size={small ? 16 : 18} />}
      {children && <span>{children}</span>}
    </button>
  );
}

export function IconButton({
  icon,
  label,
  size = 20,
  className = "",
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { icon: IconName; label: string; size?: number }) {
  return (
    <button type="button" className={`icon-btn ${className}`} aria-label={label} title={label} {...rest}>
      <Icon name={icon} size={size} />
    </button>
  );
}

export function Field({
  label,
  hint,
  error,
  children,
}: {
  label: string;
  hint?: ReactNode;
  error?: string;
  children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {hint && <div className="field-hint">{hint}</div>}
      {error && <div className="field-error">{error}</div>}
    </div>
  );
}

export function TextInput({ className = "", ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  return (
    <input type="text" autoComplete="off" spellCheck={false} {...rest} className={`input ${className}`} />
  );
}

export function Select<T extends string>({
  options,
  value,
  onPick,
  className = "",
  ...rest
}: Omit<SelectHTMLAttributes<HTMLSelectElement>, "value"> & {
  options: { value: T; label: string }[];
  value: T;
  onPick: (value: T) => void;
}) {
  return (
    <span className={`select ${className}`}>
      <select {...rest} value={value} onChange={(event) => onPick(event.target.value as T)}>
        {options.map((o) => (
          <option key={o.value} value={o.value}>
            {o.label}
          </option>
        ))}
      </select>
      <Icon name="chevron" size={16} />
    </span>
  );
}

export function Switch({
  on,
  onTurn,
  label,
  hint,
}: {
  on: boolean;
  onTurn: (on: boolean) => void;
  label: string;
  hint?: string;
}) {
  return (
    <label className="switch">
      <input
        type="checkbox"
        role="switch"
        aria-checked={on}
        checked={on}
        onChange={(event) => onTurn(event.target.checked)}
      />
      <span className="switch-track" />
      <span>
        {label}
        {hint && <span className="field-hint">{hint}</span>}
      </span>
    </label>
  );
}

export function Segmented<T extends string>({
  options,
  value,
  onPick,
  label,
}: {
  options: { value: T; label: ReactNode; badge?: number }[];
  value: T;
  onPick: (value: T) => void;
  label: string;
}) {
  return (
    <fieldset className="segmented">
      <legend className="unseen">{label}</legend>
      {options.map((o) => (
        <button key={o.value} type="button" aria-pressed={o.value === value} onClick={() => onPick(o.value)}>
          {o.label}
          {o.badge ? <span className="segmented-badge">{o.badge > 99 ? "99+" : o.badge}</span> : null}
        </button>
      ))}
    </fieldset>
  );
}

/** When what covers the page goes away, the focus returns to what opened it. */
export function useFocusBack() {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
}

/** A modal over the whole page; Esc and the ground close it. */
export function Dialog({
  title,
  onClose,
  children,
  wide,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const { t } = useWords();
  useFocusBack();
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog || dialog.open) return;
    dialog.showModal();
    // The browser would choose the close button.
    dialog.querySelector<HTMLElement>("[data-first]")?.focus();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes a modal dialog by itself (onCancel)
    <dialog
      ref={ref}
      className={`dialog${wide ? " dialog-wide" : ""}`}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      <div className="dialog-body">
        <header>
          <h2>{title}</h2>
          <IconButton icon="close" label={t("close")} onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  );
}

export function Empty({
  icon = "chats",
  text,
  children,
}: {
  icon?: IconName;
  text: string;
  children?: ReactNode;
}) {
  return (
    <div className="empty">
      <Icon name={icon} size={36} />
      <p>{text}</p>
      {children}
    </div>
  );
}

/** What an error of the control API means to a person. */
export function useErrorText(): (error: ApiError) => string {
  const { t } = useWords();
  return (error) => {
    if (error.status === 0) return t("error.away");
    if (error.message) return error.message;
    return t("error.status", { status: error.status });
  };
}

export function ErrorBox({
  error,
  onRetry,
  onClose,
}: {
  error: ApiError | undefined;
  onRetry?: () => void;
  onClose?: () => void;
}) {
  const { t } = useWords();
  const text = useErrorText();
  if (!error) return null;
  return (
    <div className="error-box" role="alert">
      <Icon name="alert" size={18} />
      <span>{text(error)}</span>
      {onRetry && (
        <Button small look="quiet" onClick={onRetry}>
          {t("retry")}
        </Button>
      )}
      {onClose && <IconButton icon="close" size={16} label={t("close")} onClick={onClose} />}
    </div>
  );
}

export function Skeleton({ rows, height }: { rows: number; height: number }) {
  return (
    <div className="skeleton" aria-hidden="true">
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of nothing have no other name
        <div key={i} style={{ height }} />
      ))}
    </div>
  );
}

export function Chip({
  tone = "plain",
  children,
  title,
}: {
  tone?: "plain" | "good" | "bad" | "warn" | "blue";
  children: ReactNode;
  title?: string;
}) {
  return (
    <span className={`chip chip-${tone}`} title={title}>
      {children}
    </span>
  );
}

/** An id shortened in the middle; a click copies all of it. */
export function Copy({
  text,
  head,
  tail,
  secret,
}: {
  text: string;
  head?: number;
  tail?: number;
  secret?: boolean;
}) {
  const { t } = useWords();
  const [done, setDone] = useState(false);
  const [shown, setShown] = useState(!secret);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 1500);
    return () => clearTimeout(timer);
  }, [done]);
  return (
    <span className="copy">
      <button
        type="button"
        title={shown ? `${text}\n${t("copy")}` : t("copy")}
        onClick={() =>
          navigator.clipboard?.writeText(text).then(
            () => setDone(true),
            () => setShown(true),
          )
        }
      >
        <code>{shown ? shorten(text, head, tail) : "••••••••"}</code>
        <Icon name={done ? "check" : "copy"} size={14} />
      </button>
      {secret && (
        <IconButton
          icon="eye"
          size={16}
          label={t("show")}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        />
      )}
    </span>
  );
}

export function useMedia(condition: string): boolean {
  const [yes, setYes] = useState(() => matchMedia(condition).matches);
  useEffect(() => {
    const list = matchMedia(condition);
    const change = () => setYes(list.matches);
    change();
    list.addEventListener("change", change);
    return () => list.removeEventListener("change", change);
  }, [condition]);
  return yes;
}
