/** A place in a file (Node, Deno, Bun). */

import { open, readFile, rename, unlink } from "node:fs/promises";
import { ForeignPlace, type Place, type PlaceStore } from "./inbox.js";
import { parsed } from "./problems.js";

/** Keeps a place in a file, which is the old one or the new one whatever happens in between. One program at a time. */
export class FilePlace implements PlaceStore {
  constructor(readonly path: string) {}

  async load(): Promise<Place | null> {
    let text: string;
    try {
      text = await readFile(this.path, "utf8");
    } catch (error) {
      if ((error as { code?: unknown }).code === "ENOENT") return null;
      throw error;
    }
    const { server, client_id, cursor = null, position = 0 }: Partial<Place> = parsed(text) ?? {};
    if (typeof server !== "string" || typeof client_id !== "string" || typeof position !== "number") {
      throw new ForeignPlace(`${this.path} holds no place of an inbox`);
    }
    return { server, client_id, cursor, position };
  }

  async save(place: Place): Promise<void> {
    const beside = `${this.path}.${process.pid}.new`;
    try {
      const file = await open(beside, "w", 0o600);
      try {
        await file.writeFile(JSON.stringify(place));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, this.path);
    } catch (error) {
      await unlink(beside).catch(() => undefined);
      throw error;
    }
  }

  toString(): string {
    return this.path;
  }
}
