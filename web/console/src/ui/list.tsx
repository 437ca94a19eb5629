/**
 * The list frame's table: sticky head, row hover, `j`/`k`/Enter, skeletons of the right height,
 * chosen rows, cards instead of rows at phone width, and the next page in place.
 */
import { Button, Checkbox, Skeleton } from "antd";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNarrow } from "@/lib/hooks";
import { useKeys } from "@/lib/keys";
import { Trouble } from "./kit";

export interface Column<T> {
  key: string;
  title: ReactNode;
  render: (row: T) => ReactNode;
  width?: number | string;
  align?: "right";
  /** Left out where the table would not fit otherwise (tablet width). */
  roomy?: boolean;
  /** Left out of the card at phone width. */
  wideOnly?: boolean;
  /** Says nothing of this row: a card then leaves it out. */
  blank?: (row: T) => boolean;
}

export interface ListProps<T> {
  rows: T[] | undefined;
  columns: Column<T>[];
  rowKey: (row: T) => string;
  label: string;
  onOpen?: (row: T) => void;
  empty: ReactNode;
  error?: unknown;
  retry?: () => void;
  busy?: boolean;
  chosen?: Set<string>;
  onChoose?: (chosen: Set<string>) => void;
  more?: { has: boolean; loading: boolean; load: () => void };
  keys?: boolean;
  rowClass?: (row: T) => string | undefined;
}

export function List<T>(props: ListProps<T>) {
  const { rows, columns, rowKey, label, onOpen, empty, error, retry, busy, chosen, onChoose, more } = props;
  const { t } = useTranslation();
  const narrow = useNarrow();
  const [at, setAt] = useState(-1);
  const body = useRef<HTMLDivElement>(null);
  const size = rows?.length ?? 0;

  useEffect(() => {
    if (at >= size) setAt(size - 1);
  }, [at, size]);
  useEffect(() => {
    if (at >= 0) body.current?.querySelector(`[data-row="${at}"]`)?.scrollIntoView({ block: "nearest" });
  }, [at]);
  useKeys(
    {
      j: () => setAt((i) => Math.min(size - 1, i + 1)),
      k: () => setAt((i) => Math.max(0, i - 1)),
      enter: () => {
        const row = rows?.[at];
        if (row && onOpen) onOpen(row);
      },
      x: () => {
        const row = rows?.[at];
        if (row && chosen && onChoose) onChoose(toggled(chosen, rowKey(row)));
      },
    },
    props.keys !== false && size > 0,
  );

  // The next page comes by itself when its button scrolls near.
  const sentinel = useRef<HTMLDivElement>(null);
  const loadMore = useRef(more);
  loadMore.current = more;
  useEffect(() => {
    const element = sentinel.current;
    if (!element || !more?.has) return;
    const watcher = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting && loadMore.current?.has && !loadMore.current.loading)
          loadMore.current.load();
      },
      { rootMargin: "300px" },
    );
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [more?.has]);

  if (error && !rows) return <Trouble error={error} retry={retry} />;
  if (rows && rows.length === 0) return <>{empty}</>;

  const tail = more?.has ? (
    <div className="list-more" ref={sentinel}>
      <Button type="text" loading={more.loading} onClick={more.load}>
        {t("app.load_more")}
      </Button>
    </div>
  ) : null;

  const check = (row: T) =>
    chosen && onChoose ? (
      <Checkbox
        checked={chosen.has(rowKey(row))}
        onClick={(event) => event.stopPropagation()}
        onChange={() => onChoose(toggled(chosen, rowKey(row)))}
        aria-label={t("app.choose_row")}
      />
    ) : null;

  if (narrow) {
    return (
      <section className={busy ? "cards cards-busy" : "cards"} ref={body} aria-label={label}>
        {rows
          ? rows.map((row, index) => (
              // biome-ignore lint/a11y/noStaticElementInteractions: a card holds links and buttons of its own
              <div
                key={rowKey(row)}
                data-row={index}
                className={["list-card", onOpen ? "openable" : "", props.rowClass?.(row) ?? ""].join(" ")}
                onClick={onOpen ? () => onOpen(row) : undefined}
                onKeyDown={(event) =>
                  event.key === "Enter" && event.target === event.currentTarget && onOpen?.(row)
                }
                tabIndex={onOpen ? 0 : undefined}
              >
                {columns
                  .filter((column) => !column.wideOnly && !column.blank?.(row))
                  .map((column, place) => (
                    <div key={column.key} className={place === 0 ? "card-first" : "card-line"}>
                      {place > 0 && column.title ? <span className="card-key">{column.title}</span> : null}
                      <span className="card-value">{column.render(row)}</span>
                    </div>
                  ))}
              </div>
            ))
          : Array.from({ length: 5 }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: grey bars have no identity
              <div key={index} className="list-card">
                <Skeleton active avatar paragraph={{ rows: 2 }} title={false} />
              </div>
            ))}
        {tail}
      </section>
    );
  }

  const all = rows && chosen ? rows.every((row) => chosen.has(rowKey(row))) : false;
  return (
    <div className={busy ? "table-wrap table-busy" : "table-wrap"} ref={body}>
      <table className="table" aria-label={label}>
        <thead>
          <tr>
            {chosen && onChoose ? (
              <th className="table-check">
                <Checkbox
                  checked={all}
                  indeterminate={!all && chosen.size > 0}
                  onChange={() => onChoose(all ? new Set() : new Set(rows?.map(rowKey)))}
                  aria-label={t("app.choose_all")}
                />
              </th>
            ) : null}
            {columns.map((column) => (
              <th key={column.key} style={{ width: column.width }} className={cellClass(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows
            ? rows.map((row, index) => (
                <tr
                  key={rowKey(row)}
                  data-row={index}
                  className={[
                    onOpen ? "openable" : "",
                    index === at ? "at" : "",
                    props.rowClass?.(row) ?? "",
                  ].join(" ")}
                  onClick={onOpen ? () => onOpen(row) : undefined}
                >
                  {chosen ? <td className="table-check">{check(row)}</td> : null}
                  {columns.map((column) => (
                    <td key={column.key} className={cellClass(column)}>
                      {column.render(row)}
                    </td>
                  ))}
                </tr>
              ))
            : Array.from({ length: 8 }, (_, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: grey bars have no identity
                <tr key={index}>
                  {chosen ? <td className="table-check" /> : null}
                  {columns.map((column, place) => (
                    <td key={column.key} className={cellClass(column)}>
                      <Skeleton.Button
                        active
                        size="small"
                        style={{ width: place === 0 ? 140 : 72, height: 16 }}
                      />
                    </td>
                  ))}
                </tr>
              ))}
        </tbody>
      </table>
      {tail}
    </div>
  );
}

function cellClass<T>(column: Column<T>) {
  return [column.align === "right" ? "right" : "", column.roomy ? "roomy" : ""].join(" ").trim() || undefined;
}

function toggled(set: Set<string>, key: string) {
  const next = new Set(set);
  if (!next.delete(key)) next.add(key);
  return next;
}
