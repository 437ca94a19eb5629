/** A search box whose words live in the address: it waits for a pause, and follows when the address changes. */
import { Input } from "antd";
import { useEffect, useRef, useState } from "react";
import { useDebounced } from "@/lib/hooks";
import { Icon } from "./icons";

interface Props {
  value: string | undefined;
  label: string;
  onChange: (text: string | undefined) => void;
}

export function SearchBox({ value, label, onChange }: Props) {
  const [text, setText] = useState(value ?? "");
  const settled = useDebounced(text, 300);
  const sent = useRef(value ?? "");
  const tell = useRef(onChange);
  tell.current = onChange;
  useEffect(() => {
    if (settled.trim() === sent.current) return;
    sent.current = settled.trim();
    tell.current(settled.trim() || undefined);
  }, [settled]);
  useEffect(() => {
    // The address changed by other means (back, "clear"): follow it.
    if ((value ?? "") === sent.current) return;
    sent.current = value ?? "";
    setText(value ?? "");
  }, [value]);
  return (
    <Input
      allowClear
      className="search-words"
      prefix={<Icon name="search" size={15} />}
      placeholder={label}
      aria-label={label}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}
