/** Canned answers: `{{customer.name|friend}}` stands for the name, or else for what follows the bar. */

export type Names = Partial<Record<"customer.name" | "account.name" | "person.name", string | null>>;

export function filled(text: string, names: Names): string {
  return text.replace(/\{\{\s*([a-z.]+)\s*(?:\|([^}]*))?\}\}/g, (_, name: string, otherwise?: string) => {
    const value = names[name as keyof Names];
    return value?.trim() ? value : (otherwise ?? "");
  });
}

/** What is typed after a slash at the beginning, if nothing else is. */
export function asked(text: string): string | null {
  const match = /^\/(\S*)$/.exec(text);
  return match ? (match[1] ?? "") : null;
}
