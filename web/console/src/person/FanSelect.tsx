/**
 * Fans of an account, found by name: one of them, or several. Nobody is offered while the hub is still being asked,
 * so that a press never lands on another person than the one it was aimed at.
 */
import { useQueries, useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import type { Id } from "@/api/types";
import { useDebounced } from "@/lib/hooks";
import { usePersonName } from "@/lib/names";
import { problemText } from "@/lib/problems";
import { customerQuery, fansQuery } from "./api";
import "./person.css";

/** So many are shown by name, the rest as a number. */
const SHOWN = 12;

interface Common {
  account: Id;
  label: string;
  placeholder?: string;
  disabled?: boolean;
  /** Something is being done with who was chosen. */
  busy?: boolean;
  className?: string;
}

export function FanSelect({
  value,
  onChange,
  allowClear = false,
  ...common
}: Common & { value: Id | null; onChange: (fan: Id | null) => void; allowClear?: boolean }) {
  const { props, named, done } = useFinding(common, value === null ? [] : [value]);
  return (
    <Select
      {...props}
      allowClear={allowClear}
      value={value === null ? null : named(value)}
      onChange={(one: { value: Id } | null | undefined) => {
        done();
        onChange(one?.value ?? null);
      }}
    />
  );
}

export function FansSelect({
  value,
  onChange,
  ...common
}: Common & { value: Id[]; onChange: (fans: Id[]) => void }) {
  const { props, named, done } = useFinding(common, value);
  // Whoever is chosen closes the list, which would lie over the buttons below; typing and pressing open it again.
  const [isOpen, setOpen] = useState(false);
  return (
    <Select
      {...props}
      mode="multiple"
      maxTagCount={SHOWN}
      open={isOpen}
      onOpenChange={setOpen}
      value={value.map(named)}
      onChange={(all: { value: Id }[]) => {
        done();
        setOpen(false);
        onChange(all.map((one) => one.value));
      }}
    />
  );
}

function useFinding(
  { account, label, placeholder = label, disabled = false, busy = false, className = "fan-select" }: Common,
  chosen: Id[],
) {
  const { t } = useTranslation();
  const personName = usePersonName();
  const [words, setWords] = useState("");
  const asked = useDebounced(words.trim(), 250);
  const found = useQuery(fansQuery(account, asked));
  const settled = asked === words.trim();
  const shown = chosen.slice(0, SHOWN);
  const known = useQueries({ queries: shown.map(customerQuery) });
  const named = (id: Id) => {
    const one = known[shown.indexOf(id)];
    if (one?.data) return { value: id, label: personName(one.data.display_name) };
    const gone = one?.error instanceof ApiError && one.error.status === 404;
    return { value: id, label: gone ? t("fans.gone") : "…" };
  };
  const instead = () => {
    if (!settled || found.isPending) return t("fans.looking");
    return found.isError ? problemText(found.error) : t("fans.nobody");
  };
  return {
    named,
    done: () => setWords(""),
    props: {
      className,
      disabled,
      labelInValue: true as const,
      loading: busy || found.isFetching,
      placeholder,
      "aria-label": label,
      showSearch: { filterOption: false, searchValue: words, onSearch: setWords },
      notFoundContent: instead(),
      options: ((settled && found.data) || []).map((one) => ({
        value: one.id,
        label: personName(one.display_name),
      })),
    },
  };
}
