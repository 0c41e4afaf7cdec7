import { useState } from "preact/hooks";
import { whichCase } from "./case";

const kept = new Map<string, unknown>();

/** What is asked on a screen: of the same case it still stands so when one comes back from another screen. */
export function useKept<T>(name: string, first: T): [T, (next: T | ((now: T) => T)) => void] {
  const [value, setValue] = useState<T>(() => {
    const key = `${whichCase()}/${name}`;
    return kept.has(key) ? (kept.get(key) as T) : first;
  });
  const set = (next: T | ((now: T) => T)) =>
    setValue((now) => {
      const made = next instanceof Function ? next(now) : next;
      kept.set(`${whichCase()}/${name}`, made);
      return made;
    });
  return [value, set];
}
