/**
 * The page's style nonce. The component library is handed it, but some of its parts (the scroll lock under a
 * dialog, the measuring of scroll bars) insert a style element without asking for it; those get it here, so
 * that the strict policy holds without a single exception.
 */
export const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

const create = document.createElement.bind(document);
document.createElement = ((name: string, options?: ElementCreationOptions) => {
  const element = create(name, options);
  if (element instanceof HTMLStyleElement) element.nonce = nonce;
  return element;
}) as typeof document.createElement;
