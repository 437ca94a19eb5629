/** The person's fields, changed in place; where a value came from and when stands on hover (B3). */
import { Button, Input, Select, Tooltip } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/client";
import type { Customer, CustomerPatch, FieldValue, Gender, ProfileField } from "@/api/types";
import { usePrefs } from "@/lib/prefs";
import { fieldText, problemText } from "@/lib/problems";
import { useNotAllowed } from "@/lib/rights";
import { languageName } from "@/lib/text";
import { whenText } from "@/lib/time";
import { AutoText } from "@/ui/AutoText";
import { Icon } from "@/ui/icons";
import { useChangeCustomer } from "./api";
import "./person.css";

const editable = [
  "name",
  "gender",
  "phone",
  "email",
  "city",
  "birthday",
  "note",
] as const satisfies readonly (keyof CustomerPatch)[];
const readOnly = ["province", "country", "language"] as const;

export function Profile({ customer }: { customer: Customer }) {
  return (
    <dl className="profile">
      {editable.map((field) => (
        <Field key={field} customer={customer} field={field} />
      ))}
      {readOnly.map((field) =>
        customer.fields[field]?.value ? <Field key={field} customer={customer} field={field} fixed /> : null,
      )}
    </dl>
  );
}

function Provenance({ field }: { field: FieldValue }) {
  const { t } = useTranslation();
  const { language, zone } = usePrefs();
  const by = field.by ? ` · ${field.by}` : "";
  return <>{`${t(`sources.${field.source}`)}${by} · ${whenText(field.at, language, zone, Date.now())}`}</>;
}

function Field({ customer, field, fixed }: { customer: Customer; field: ProfileField; fixed?: boolean }) {
  const { t } = useTranslation();
  const notAllowed = useNotAllowed("customers:write");
  const change = useChangeCustomer(customer.id);
  const [editing, setEditing] = useState(false);
  const known = customer.fields[field];
  const value = known?.value ?? "";
  const { language } = usePrefs();
  const words: Partial<Record<ProfileField, () => string>> = {
    gender: () => (value && value !== "unknown" ? t(`genders.${value as Gender}`) : ""),
    language: () => (value ? languageName(value, language) : ""),
  };
  const shown = words[field]?.() ?? value;
  const save = (next: string | null) => {
    const clean = next?.trim() || null;
    if (clean === (value || null)) return setEditing(false);
    change.mutate({ [field]: clean } as CustomerPatch, { onSuccess: () => setEditing(false) });
  };
  const cancel = () => {
    change.reset();
    setEditing(false);
  };

  return (
    <div className={editing ? "profile-field editing" : "profile-field"}>
      <dt>{t(`profile.${field}`)}</dt>
      <dd>
        {editing ? (
          <Editing field={field} value={value} busy={change.isPending} onSave={save} onCancel={cancel} />
        ) : (
          <>
            {shown && known ? (
              <Tooltip title={<Provenance field={known} />}>
                <span className={field === "note" ? "pre" : "provenance"}>{shown}</span>
              </Tooltip>
            ) : (
              <span className="dim">—</span>
            )}
            {fixed || notAllowed ? null : (
              <button
                type="button"
                className="plain edit"
                aria-label={t("profile.edit", { field: t(`profile.${field}`) })}
                onClick={() => setEditing(true)}
              >
                <Icon name="edit" size={13} />
              </button>
            )}
          </>
        )}
        {change.error && editing ? (
          <div className="field-error">
            {change.error instanceof ApiError && change.error.fields[0]
              ? fieldText(change.error.fields[0])
              : problemText(change.error)}
          </div>
        ) : null}
      </dd>
    </div>
  );
}

function Editing({
  field,
  value,
  busy,
  onSave,
  onCancel,
}: {
  field: ProfileField;
  value: string;
  busy: boolean;
  onSave: (value: string | null) => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  // What was refused once is not sent again by merely leaving the field.
  const tried = useRef<string | null>(null);
  const send = () => {
    tried.current = text;
    onSave(text);
  };
  const keys = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      onCancel();
    }
    if (event.key === "Enter" && (field !== "note" || event.ctrlKey || event.metaKey)) send();
  };
  if (field === "gender") {
    return (
      <Select
        size="small"
        className="full"
        autoFocus
        defaultOpen
        loading={busy}
        value={value || "unknown"}
        onChange={(next) => onSave(next === "unknown" ? null : next)}
        onBlur={onCancel}
        options={(["unknown", "female", "male"] as const).map((one) => ({
          value: one,
          label: t(`genders.${one}`),
        }))}
      />
    );
  }
  if (field === "note") {
    return (
      <div className="stack-tight">
        <AutoText
          autoFocus
          rows={3}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={keys}
          maxLength={2000}
        />
        <div className="row">
          <Button size="small" type="primary" loading={busy} onClick={() => onSave(text)}>
            {t("app.save")}
          </Button>
          <Button size="small" type="text" onClick={onCancel}>
            {t("app.cancel")}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <Input
      size="small"
      autoFocus
      type={field === "birthday" ? "date" : "text"}
      readOnly={busy}
      value={text}
      maxLength={200}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={keys}
      onBlur={() => tried.current !== text && send()}
      aria-label={t(`profile.${field}`)}
    />
  );
}
