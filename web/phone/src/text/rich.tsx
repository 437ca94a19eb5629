import { withFaces } from "./emoji";
import { type Piece, parseText } from "./parse";

export interface TextActions {
  onLink: (href: string) => void;
  onMini: (appid: string, path: string, href: string | null) => void;
  onMenu: (id: string, content: string) => void;
}

/** Message text with its links. Links are buttons: nothing navigates by itself, the phone decides what opens where. */
export function RichText({ text, ...actions }: { text: string } & TextActions) {
  return (
    <span className="rich">
      {parseText(text).map((piece, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
        <PieceView key={i} piece={piece} {...actions} />
      ))}
    </span>
  );
}

function PieceView({ piece, onLink, onMini, onMenu }: { piece: Piece } & TextActions) {
  switch (piece.kind) {
    case "text":
      return withFaces(piece.text);
    case "link":
      return (
        <button type="button" className="rich-link" title={piece.href} onClick={() => onLink(piece.href)}>
          {withFaces(piece.text)}
        </button>
      );
    case "mini":
      return (
        <button
          type="button"
          className="rich-link rich-mini"
          title={`${piece.appid} ${piece.path}`}
          onClick={() => onMini(piece.appid, piece.path, piece.href)}
        >
          {withFaces(piece.text)}
        </button>
      );
    case "menu":
      return (
        <button
          type="button"
          className="rich-link"
          title={piece.id}
          onClick={() => onMenu(piece.id, piece.content)}
        >
          {withFaces(piece.text)}
        </button>
      );
  }
}
