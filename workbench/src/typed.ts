import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "./model";

/** What is typed, by the names of the fields: it follows what stands in the case, wherever that was changed; but what is typed on while one's own words are being saved stays. */
export function useTyped(stands: Record<string, string>, came: () => void = () => {}) {
  const latest = useRef(stands); // what is typed, also between a letter and the next look of the page
  const given = useRef(stands); // what stands, or was sent to
  const standing = useRef(stands);
  const seen = useRef(JSON.stringify(stands));
  const sending = useRef(0);
  const own = useRef(false);
  const [looked, look] = useState(0);
  standing.current = stands;
  const put = (all: Record<string, string>) => {
    latest.current = all;
    look((n) => n + 1);
  };
  useEffect(() => {
    if (sending.current) return;
    const mine = own.current;
    own.current = false;
    if (seen.current === JSON.stringify(stands)) return;
    seen.current = JSON.stringify(stands);
    const typing = ([name, text]: [string, string]) => (mine && latest.current[name] !== given.current[name] ? (latest.current[name] ?? text) : text);
    const now = Object.fromEntries(Object.entries(stands).map((each) => [each[0], typing(each)]));
    given.current = stands;
    put(now);
    came();
  }, [JSON.stringify(stands), looked]);
  return {
    typed: (name: string) => latest.current[name] ?? stands[name] ?? "",
    type: (name: string, text: string) => put({ ...latest.current, [name]: text }),
    back: () => put(standing.current),
    given: (name: string) => given.current[name] ?? "",
    send: async (save: () => Promise<Problem[]>) => {
      sending.current += 1;
      given.current = latest.current;
      const refused = await save();
      sending.current -= 1;
      if (refused.length) given.current = standing.current;
      else own.current = true;
      look((n) => n + 1);
      return refused;
    },
  };
}
