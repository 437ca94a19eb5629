/**
 * The body of one article, written as it will look. What is pasted passes through the same reader as what comes from
 * WeChat; pictures that are pasted or dropped go into the library first.
 */
import { Fragment, Slice } from "@tiptap/pm/model";
import { NodeSelection, TextSelection } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { EditorContent, useEditor } from "@tiptap/react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { fromHtml } from "./read";
import { extensionsOf } from "./schema";
import { Toolbar } from "./Toolbar";
import { toHtml } from "./write";
import "./editor.css";

export interface Picked {
  src: string;
  alt: string;
}

interface Props {
  html: string;
  onChange: (html: string) => void;
  /** Puts pictures into the library; those that came through. */
  upload: (files: File[]) => Promise<Picked[]>;
  /** Lets one pick a picture of the library. */
  pick: () => Promise<Picked | null>;
  shown: (src: string) => string | undefined;
  /** A picture of pasted words, as it may stand here. */
  taken: (src: string) => string | null;
  /** So many of them could not. */
  onLeftOut: (pictures: number) => void;
  isUploading: boolean;
  disabled: boolean;
  label: string;
}

export function TextEditor(props: Props) {
  const { html, onChange, upload, pick, shown, isUploading, disabled, label } = props;
  const { t } = useTranslation();
  const tell = useRef(onChange);
  tell.current = onChange;
  const send = useRef(upload);
  send.current = upload;
  const editor = useEditor({
    extensions: extensionsOf(shown, t("articles.picture_elsewhere")),
    content: fromHtml(html).doc,
    editable: !disabled,
    injectCSS: false,
    immediatelyRender: true,
    shouldRerenderOnTransaction: false,
    onUpdate: ({ editor: now }) => tell.current(toHtml(now.getJSON())),
    editorProps: {
      attributes: {
        class: "article-body",
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": label,
        spellcheck: "false",
      },
      handleDOMEvents: {
        paste: (view, event) => {
          if (!view.editable || !event.clipboardData) return false;
          return take(view, event.clipboardData, event, false);
        },
        drop: (view, event) => {
          if (!view.editable || !event.dataTransfer || view.dragging) return false;
          const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
          if (at)
            view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(at.pos))));
          return take(view, event.dataTransfer, event, true);
        },
      },
    },
  });

  const take = (view: EditorView, data: DataTransfer, event: Event, isDrop: boolean): boolean => {
    const pictures = [...data.files].filter((file) => file.type.startsWith("image/"));
    const rich = data.getData("text/html");
    // A copy out of a text program carries a picture of itself; its words are what was meant.
    if (pictures.length > 0 && (isDrop || !/<(p|h[1-6]|li|td|span)[\s>]/i.test(rich))) {
      event.preventDefault();
      void send.current(pictures).then((kept) => insertAll(view, kept));
      return true;
    }
    if (!rich) return false;
    event.preventDefault();
    let leftOut = 0;
    const content = (fromHtml(rich).doc.content ?? []).flatMap((block) => {
      if (block.type !== "image") return [block];
      const src = props.taken(String(block.attrs?.src));
      if (src === null) leftOut++;
      return src === null ? [] : [{ ...block, attrs: { ...block.attrs, src } }];
    });
    if (leftOut > 0) props.onLeftOut(leftOut);
    if (content.length === 0) return true;
    const slice = Slice.maxOpen(Fragment.fromJSON(view.state.schema, content));
    view.dispatch(view.state.tr.replaceSelection(slice).scrollIntoView().setMeta("uiEvent", "paste"));
    return true;
  };

  useEffect(() => {
    if (editor.isEditable === disabled) editor.setEditable(!disabled, false);
  }, [editor, disabled]);

  return (
    <div className={disabled ? "text-editor off" : "text-editor"}>
      {disabled ? null : (
        <Toolbar
          editor={editor}
          isUploading={isUploading}
          onFiles={(files) => void upload(files).then((kept) => insertAll(editor.view, kept))}
          onPick={() => void pick().then((one) => one && insert(editor.view, one))}
        />
      )}
      <EditorContent editor={editor} className="text-sheet" />
    </div>
  );
}

function insertAll(view: EditorView, pictures: Picked[]) {
  for (const one of pictures) insert(view, one);
}

/** Puts a picture behind the block in which the cursor stands, or into its place when that is empty. */
function insert(view: EditorView, { src, alt }: Picked) {
  const { state } = view;
  const image = state.schema.nodes.image?.create({ src, alt: alt || null });
  if (!image) return;
  const { $from } = state.selection;
  const depth = Math.min(1, $from.depth);
  const block = depth === 1 ? $from.node(1) : null;
  const isFree = block?.type.name === "paragraph" && block.content.size === 0;
  const tr = state.tr;
  const at = block ? (isFree ? $from.before(1) : $from.after(1)) : state.selection.to;
  if (block && isFree) tr.replaceWith(at, $from.after(1), image);
  else tr.insert(at, image);
  // Writing goes on below it.
  const after = at + image.nodeSize;
  const next = tr.doc.resolve(Math.min(after, tr.doc.content.size)).nodeAfter;
  const free = state.schema.nodes.paragraph?.create();
  if ((!next || next.type.name === "image") && free) tr.insert(after, free);
  tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(after + 1, tr.doc.content.size))));
  view.dispatch(tr.scrollIntoView());
  view.focus();
}

export function chosenPicture(selection: unknown): boolean {
  return selection instanceof NodeSelection && selection.node.type.name === "image";
}
