/**
 * Holds what the console speaks (`types.ts`) against what the hub describes (`schema.gen.ts`): an operation that
 * the hub does not have is an error of the type checker here.
 */
import type { paths as Described } from "./schema.gen";
import type { paths as Spoken } from "./types";

type Operations<Paths> = {
  [Path in keyof Paths & string]: {
    [Method in keyof Paths[Path] & string]: Paths[Path][Method] extends undefined
      ? never
      : `${Method} ${Path}`;
  }[keyof Paths[Path] & string];
}[keyof Paths & string];

/** Never, or the operations that are missing. */
export type MissingAtTheHub = Exclude<Operations<Spoken>, Operations<Described>>;

type Never<T extends never> = T;
export type NothingIsMissing = Never<MissingAtTheHub>;
