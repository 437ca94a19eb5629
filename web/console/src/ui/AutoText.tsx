/**
 * A text area as high as its text. The library's own measuring writes a style attribute, which the page's
 * policy refuses; the browser does it by `field-sizing` (where it cannot, the box scrolls).
 */
import { Input } from "antd";
import type { TextAreaProps } from "antd/es/input";

export function AutoText({ className, ...props }: TextAreaProps) {
  return <Input.TextArea {...props} className={`auto-text ${className ?? ""}`} />;
}
